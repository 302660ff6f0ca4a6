"""Make testdata/hdf5: what HDF5 allows, as each of its versions writes it.

Needs

    pip install h5py numpy

    python tools/make_hdf5.py

Each array is in its file twice: in the group "stored" in some way, and in the group "plain" as float32 in one piece.
The files, which are mostly zeros, are packed by gzip.
"""

from __future__ import annotations

import ctypes
import gzip
from pathlib import Path
from typing import Any

import h5py
import numpy as np

OUT = Path(__file__).resolve().parent.parent / "testdata/hdf5"
RANDOM = np.random.default_rng(1)
IMAGE = RANDOM.normal(size=(20, 15)).astype(np.float32)
BLOCK = RANDOM.normal(size=(11, 8, 5)).astype(np.float32)
LINE = np.arange(700, dtype=np.int16)
SMOOTH = np.cumsum(RANDOM.integers(-2, 3, size=(25, 37)), 1)
SMOOTH[10:20] = 3

TYPES = ["f2", "f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8"]
BIG_ENDIAN = [">f2", ">f4", ">f8", ">i2", ">i4", ">i8", ">u4"]
PACKINGS: dict[str, dict[str, Any]] = {
    "plain": {},
    "gzip": {"compression": "gzip"},
    "all": {"compression": 9, "shuffle": True, "fletcher32": True},
    "lzf": {"compression": "lzf"},
}
GROWING: dict[str, Any] = {
    "fixed": None,
    "grows in one": (None, 8, 5),
    "grows in the second": (20, None, 9),
    "grows in two": (None, None, 5),
    "could be larger": (50, 20, 30),
}


def attributes(file: h5py.File, ordered: bool) -> None:
    file.attrs["long text"] = "Grüße"
    file.attrs["fixed text"] = np.bytes_(b"of fixed length")
    file.attrs["latin-1"] = np.bytes_("Grüße".encode("latin-1"))
    file.attrs["long texts"] = np.array(["é", "bb", ""], dtype=h5py.string_dtype())
    file.attrs["fixed texts"] = [f"layer_{i}".encode() for i in range(12)]
    file.attrs["empty"] = []
    file.attrs["null"] = h5py.Empty("f")
    file.attrs["number"] = 3.5
    file.attrs["opaque"] = np.void(b"opaque bytes")
    file.attrs["parts0"] = [b"a", b"b"]
    file.attrs["parts1"] = [b"c"]
    group = file.create_group("attributes", track_order=ordered)
    for i in range(30):
        group.attrs[f"attribute {i}"] = f"value {i}"
    if ordered:  # in one header, an attribute has at most 64 KiB
        group.attrs["large"] = "x" * 100000
        group.attrs["large texts"] = np.array([b"y" * 300] * 400)
    group.attrs.create("of a named type", IMAGE[0], dtype=file["named type"])


def links(file: h5py.File, ordered: bool) -> None:
    group = file.create_group("links", track_order=ordered)
    for i in range(40):
        group.create_group(f"z{39 - i}")
    file["soft"] = h5py.SoftLink("/links")
    file["broken"] = h5py.SoftLink("/nowhere")
    file["loop"] = h5py.SoftLink("/loop")
    file["outside"] = h5py.ExternalLink("other.h5", "/x")


def add(file: h5py.File, name: str, data: np.ndarray, **options: Any) -> None:
    """An array, stored in some way and plainly."""
    file.create_dataset(f"stored/{name}", data=data, **options)  # and closed, since some packings lose digits
    file.create_dataset(f"plain/{name}", data=file[f"stored/{name}"][()].astype(np.float32))


def low_level(file: h5py.File, name: str, data: np.ndarray, kind: h5py.h5t.TypeID, **options: Any) -> None:
    """An array that h5py's own functions do not make."""
    creation = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    for option, value in options.items():
        getattr(creation, option)(*value)
    space = h5py.h5s.create_simple(data.shape)
    group = file.require_group("stored").id
    dataset = h5py.h5d.create(group, name.encode(), kind, space, dcpl=creation)
    dataset.write(h5py.h5s.ALL, h5py.h5s.ALL, data)
    read = np.empty(data.shape, np.float64)
    dataset.read(h5py.h5s.ALL, h5py.h5s.ALL, read)
    file.create_dataset(f"plain/{name}", data=read.astype(np.float32))


def arrays(file: h5py.File, bits: bool, shared: bool) -> None:
    for kind in TYPES + BIG_ENDIAN:
        scaled = IMAGE * 50
        add(file, f"types/{kind}", (np.abs(scaled) if "u" in kind else scaled).astype(kind))
    add(file, "types/scalar", np.array(7, np.float32))
    add(file, "types/named", IMAGE, dtype=file["named type"])
    for packing, options in PACKINGS.items():
        for growing, limit in GROWING.items() if packing in ("plain", "all") else ():
            add(file, f"chunks/{packing}, {growing}", BLOCK, chunks=(5, 4, 2), maxshape=limit, **options)
        add(file, f"chunks/{packing}, one", BLOCK, chunks=BLOCK.shape, **options)
        add(file, f"chunks/{packing}, line", LINE, chunks=(3,), maxshape=(None,), **options)
        holes = file.create_dataset(
            f"stored/chunks/{packing}, holes", (5000,), "i2", chunks=(4,), maxshape=(None,), fillvalue=4, **options
        )
        holes[4000:4100] = 1
        file.create_dataset(f"plain/chunks/{packing}, holes", data=holes[()].astype(np.float32))
        if not shared:  # HDF5 2.0 cannot itself read what it resizes there
            name = f"chunks/{packing}, shrunk"
            file.create_dataset(f"stored/{name}", data=LINE, chunks=(7,), maxshape=(None,), **options).resize((500,))
            file.create_dataset(f"plain/{name}", data=LINE[:500].astype(np.float32))
    add(file, "chunks/long", np.arange(2200, dtype=np.int16), chunks=(2,))
    for name, kind, scale in [("i4", "i4", 0), ("i8", "i8", 0), ("f4", "f4", 3), ("f8", "f8", 2), (">i4", ">i4", 0)]:
        add(file, f"scale offset/{name}", np.abs(IMAGE * 1000).astype(kind), chunks=(10, 10), scaleoffset=scale)
    for kind in ["f4", "f8", "i1", ">i2"]:
        for way, block in [("nn", 8), ("ec", 10)]:
            packed = {"chunks": (20, 21), "compression": "szip", "compression_opts": (way, block)}
            add(file, f"szip/{kind}, {way}, {block}", (IMAGE * 60).astype(kind), **packed | {"chunks": (10, 13)})
            add(file, f"szip/{kind}, {way}, {block}, smooth", SMOOTH.astype(kind), **packed)
    file.create_dataset("stored/fill/never written", (5, 3), "f4", fillvalue=2.5)
    file.create_dataset("plain/fill/never written", data=np.full((5, 3), 2.5, "f4"))
    file.create_dataset("stored/fill/no chunks", (50, 30), "f8", chunks=(7, 11), fillvalue=-1.5)
    file.create_dataset("plain/fill/no chunks", data=np.full((50, 30), -1.5, "f4"))
    low_level(file, "compact", IMAGE[:3, :5].copy(), h5py.h5t.IEEE_F32LE, set_layout=(h5py.h5d.COMPACT,))
    early = {"set_chunk": ((6, 4),), "set_alloc_time": (h5py.h5d.ALLOC_TIME_EARLY,)}
    low_level(file, "without an index", IMAGE, h5py.h5t.IEEE_F32LE, **early)
    bfloat16 = h5py.h5t.IEEE_F16LE.copy()
    bfloat16.set_fields(15, 7, 8, 0, 7)
    bfloat16.set_ebias(127)
    low_level(file, "bfloat16", IMAGE, bfloat16)
    if bits:
        for kind, order in {"little": h5py.h5t.STD_I32LE, "big": h5py.h5t.STD_I32BE}.items():
            eleven = order.copy()
            eleven.set_precision(11)
            eleven.set_offset(3)
            integers = (IMAGE * 100).astype("i4")
            low_level(file, f"eleven bits, {kind}", integers, eleven)
            if kind == "little":
                low_level(file, "n-bit", integers, eleven, set_chunk=((6, 4),), set_filter=(5, 0, ()))


def fill(file: h5py.File, *, ordered: bool = False, bits: bool = False, shared: bool = False) -> None:
    file["named type"] = np.dtype("f4")
    attributes(file, ordered)
    links(file, ordered)
    arrays(file, bits, shared)


def share(creation: h5py.h5p.PropFCID) -> None:
    """Let objects keep attributes, datatypes and dataspaces in common, by a function that h5py lacks."""
    maps = Path("/proc/self/maps").read_text().splitlines()
    library = ctypes.CDLL(next(line.split()[-1] for line in maps if "libhdf5-" in line or "libhdf5.so" in line))
    identifier = ctypes.c_int64(creation.id)
    library.H5Pset_shared_mesg_nindexes(identifier, 2)
    for index, (kinds, least) in enumerate([(1 << 12, 20), (1 << 1 | 1 << 3, 10)]):
        library.H5Pset_shared_mesg_index(identifier, index, kinds, least)


def pack(path: Path) -> None:
    path.with_suffix(".h5.gz").write_bytes(gzip.compress(path.read_bytes(), mtime=0))
    path.unlink()


def main() -> None:
    OUT.mkdir(exist_ok=True)
    for name, version in {"earliest": "earliest", "v108": "v108", "v110": "v110", "latest": "latest"}.items():
        with h5py.File(OUT / f"{name}.h5", "w", libver=version) as file:
            fill(file, bits=version == "latest")
    options = {"libver": "v112", "track_order": True, "userblock_size": 1024}
    with h5py.File(OUT / "ordered_behind_a_block.h5", "w", **options) as file:
        fill(file, ordered=True)
    sizes = h5py.h5p.create(h5py.h5p.FILE_CREATE)
    sizes.set_sizes(4, 4)
    path = str(OUT / "short_addresses.h5").encode()
    with h5py.File(h5py.h5f.create(path, h5py.h5f.ACC_TRUNC, sizes)) as file:
        fill(file)
    shared = h5py.h5p.create(h5py.h5p.FILE_CREATE)
    share(shared)
    path = str(OUT / "shared_messages.h5").encode()
    with h5py.File(h5py.h5f.create(path, h5py.h5f.ACC_TRUNC, shared)) as file:
        fill(file, shared=True)
    for made in ["earliest", "v108", "v110", "latest", "ordered_behind_a_block", "short_addresses", "shared_messages"]:
        pack(OUT / f"{made}.h5")


if __name__ == "__main__":
    main()
