"""Write and read TensorFlow.js layers models: `model.json` and its shards."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

Weights = dict[str, np.ndarray]
"""Values by name, such as `stem_conv/kernel`, a layer's in the order in which Keras lists them."""

SHARD_BYTES = 4_000_000

WASM_HEADER = b"\0asm\1\0\0\0"
SECTION_NAME = b"tfweights"


def write_layers_model(
    directory: Path, topology: dict[str, Any], weights: Weights, dtype_of: Callable[[str], str], generated_by: str
) -> None:
    """Write a model in shards of about equal size, each weight as what its name is given: "float16" or "float32".

    Each shard is an empty WebAssembly module that holds the bytes in a section of its own: as such it can be imported.
    """
    data = b"".join(np.ascontiguousarray(value, np.dtype(dtype_of(name))).tobytes() for name, value in weights.items())
    count = -(-len(data) // SHARD_BYTES)
    size = -(-len(data) // (4 * count)) * 4
    paths = [f"group1-shard{i + 1}of{count}.wasm" for i in range(count)]
    model = {
        "format": "layers-model",
        "generatedBy": generated_by,
        "convertedBy": None,
        # "Keras 2" is the form of the topology, the one that tf.loadLayersModel() reads.
        "modelTopology": {"keras_version": "2.15.0", "backend": "tensorflow", "model_config": topology},
        "weightsManifest": [
            {"paths": paths, "weights": [manifest_entry(name, value, dtype_of(name)) for name, value in weights.items()]}
        ],
    }

    directory.mkdir(parents=True, exist_ok=True)
    for shard in directory.glob("group*-shard*of*.*"):
        shard.unlink()
    for i, path in enumerate(paths):
        (directory / path).write_bytes(as_module(data[i * size : (i + 1) * size]))
    # One layer and one weight a line: as small as it gets while a diff still says something.
    text = json.dumps(model, separators=(",", ":")).replace("},{", "},\n{")
    (directory / "model.json").write_text(text + "\n")


def leb128(number: int) -> bytes:
    """Return a number as WebAssembly writes it, seven bits a byte, the lowest first; in five bytes, whatever it is."""
    return bytes([number >> shift & 0x7F | (0x80 if shift < 28 else 0) for shift in range(0, 35, 7)])


def as_module(data: bytes) -> bytes:
    """Return an empty WebAssembly module with one section that holds the data.

    The data begin at byte 24, so that numbers of up to eight bytes can be looked at where they are.
    """
    section = bytes([len(SECTION_NAME)]) + SECTION_NAME + data
    return WASM_HEADER + b"\0" + leb128(len(section)) + section


def from_module(file: bytes) -> bytes:
    """Return the data of such a module; a file of another kind is the data itself."""
    if not file.startswith(WASM_HEADER):
        return file
    return file[file.index(SECTION_NAME) + len(SECTION_NAME) :]


def manifest_entry(name: str, value: np.ndarray, dtype: str) -> dict[str, Any]:
    entry: dict[str, Any] = {"name": name, "shape": list(value.shape), "dtype": "float32"}
    if dtype != "float32":
        entry["quantization"] = {"dtype": dtype, "original_dtype": "float32"}
    return entry


def read_layers_model(directory: Path) -> tuple[dict[str, Any], Weights]:
    """Return the topology of a model and its weights, as float32 numbers whatever they are stored as."""
    model = json.loads((directory / "model.json").read_text())
    weights: Weights = {}
    for group in model["weightsManifest"]:
        data = b"".join(from_module((directory / path).read_bytes()) for path in group["paths"])
        offset = 0
        for entry in group["weights"]:
            dtype = np.dtype(entry.get("quantization", entry)["dtype"])
            count = int(np.prod(entry["shape"]))
            value = np.frombuffer(data, dtype, count, offset)
            weights[entry["name"]] = value.astype(np.float32).reshape(entry["shape"])
            offset += value.nbytes
        if offset != len(data):
            raise ValueError(f"The manifest lists {offset} bytes, the shards hold {len(data)}")
    return model["modelTopology"]["model_config"], weights
