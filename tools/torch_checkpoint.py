"""Read a PyTorch checkpoint without PyTorch.

Checkpoints from before PyTorch 1.6 are a row of pickles followed by the bytes of the storages. Only what a
dictionary of plain tensors needs is unpickled; anything else in the file is refused.
"""

from __future__ import annotations

import pickle
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

MAGIC = 0x1950A86A20F9469CFC6C
DTYPES = {"FloatStorage": np.dtype("<f4"), "LongStorage": np.dtype("<i8")}


@dataclass(frozen=True)
class Slice:
    """A tensor as the checkpoint describes it: a view of a storage whose bytes come later in the file."""

    dtype: np.dtype[Any]
    key: str
    offset: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]

    def read(self, storages: dict[str, bytes]) -> np.ndarray:
        flat = np.frombuffer(storages[self.key], self.dtype)[self.offset :]
        strides = [stride * self.dtype.itemsize for stride in self.strides]
        return np.lib.stride_tricks.as_strided(flat, self.shape, strides).copy()


def rebuild_tensor(storage: tuple[np.dtype[Any], str], offset: int, shape: Any, strides: Any, *_: Any) -> Slice:
    """What stands in for `torch._utils._rebuild_tensor_v2`."""
    return Slice(*storage, offset, tuple(shape), tuple(strides))


class CheckpointUnpickler(pickle.Unpickler):
    """An unpickler that knows tensors of floats and integers in an ordered dictionary, and nothing else."""

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) == ("collections", "OrderedDict"):
            return OrderedDict
        if (module, name) == ("torch._utils", "_rebuild_tensor_v2"):
            return rebuild_tensor
        if module == "torch" and name in DTYPES:
            return DTYPES[name]
        raise pickle.UnpicklingError(f"The checkpoint names {module}.{name}, which is not read here")

    def persistent_load(self, pid: Any) -> tuple[np.dtype[Any], str]:
        _, dtype, key, *_ = pid
        return dtype, key


def read_checkpoint(path: Path) -> dict[str, np.ndarray]:
    """Return the tensors of a checkpoint by name."""
    with path.open("rb") as file:
        if load(file) != MAGIC:
            raise ValueError(f"{path.name} is not a PyTorch checkpoint of the form before 1.6")
        _protocol, _system = load(file), load(file)
        slices: dict[str, Slice] = load(file)
        itemsizes = {slice_.key: slice_.dtype.itemsize for slice_ in slices.values()}
        storages: dict[str, bytes] = {}
        for key in load(file):
            length = int.from_bytes(file.read(8), "little") * itemsizes[key]
            storages[key] = file.read(length)
            if len(storages[key]) != length:
                raise ValueError(f"{path.name} ends inside storage {key}")
    return {name: slice_.read(storages) for name, slice_ in slices.items()}


def load(file: BinaryIO) -> Any:
    return CheckpointUnpickler(file).load()
