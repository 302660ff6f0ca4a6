"""Carry the weights over to PyTorch: make_torch.py FOLDER NAME ....

Reads NAME.npz, which make_keras.py wrote; writes NAME.pt. Networks that Keras lacks are given random weights.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch_networks import NETWORKS

Weights = dict[str, list[np.ndarray]]


def read_weights(path: Path) -> Weights:
    """Return the weights by layer, in the order in which Keras lists the layers."""
    weights: Weights = {}
    for name, value in np.load(path).items():
        weights.setdefault(name.rpartition(":")[0], []).append(value)
    return weights


def resnet50_layers() -> Iterator[str]:
    """The layers of Keras's ResNet50 in the order of torchvision's modules: the shortcut's come last in a block."""
    yield from ["conv1_conv", "conv1_bn"]
    for stage, blocks in enumerate([3, 4, 6, 3], 2):
        for block in range(1, blocks + 1):
            for part in [1, 2, 3, 0] if block == 1 else [1, 2, 3]:
                yield from [f"conv{stage}_block{block}_{part}_{kind}" for kind in ["conv", "bn"]]
    yield "predictions"


def convolution(module: nn.Conv2d, kernel: np.ndarray) -> None:
    axes = (2, 3, 0, 1) if module.groups > 1 else (3, 2, 0, 1)
    module.weight.copy_(torch.from_numpy(kernel.transpose(axes).copy()))


def carry_over(network: nn.Module, layers: list[list[np.ndarray]]) -> None:
    """Give each module with weights those of the layer at its place."""
    modules = [m for m in network.modules() if isinstance(m, (nn.Conv2d, nn.BatchNorm2d, nn.Linear))]
    if len(modules) != len(layers):
        raise ValueError(f"The network has {len(modules)} modules with weights, Keras's {len(layers)} layers")
    shift: np.ndarray | float = 0  # a bias that the next batch norm takes in
    channels: int | None = None
    for module, (kernel, *rest) in zip(modules, layers):
        if isinstance(module, nn.Conv2d):
            convolution(module, kernel)
            channels = module.out_channels
            if module.bias is not None:
                module.bias.copy_(torch.from_numpy(rest[0]))
            else:
                shift = rest[0] if rest else 0
        elif isinstance(module, nn.BatchNorm2d):
            beta, mean, variance = rest
            for target, value in zip(
                [module.weight, module.bias, module.running_mean, module.running_var],
                [kernel, beta, mean - shift, variance],
            ):
                target.copy_(torch.from_numpy(value))
        else:
            if channels and kernel.shape[0] != channels:  # flattened: Keras has channels last, PyTorch first
                side = round((kernel.shape[0] / channels) ** 0.5)
                kernel = kernel.reshape(side, side, channels, -1).transpose(2, 0, 1, 3).reshape(kernel.shape)
            channels = None
            module.weight.copy_(torch.from_numpy(kernel.transpose().copy()))
            module.bias.copy_(torch.from_numpy(rest[0]))


def fill(network: nn.Module) -> None:
    """Give all matrices random weights: torchvision's ends in one of zeros, so that there would be no gradient."""
    torch.manual_seed(1)
    for parameter in network.parameters():
        if parameter.ndim > 1:
            parameter.normal_(0, 0.04)


def main() -> None:
    folder = Path(sys.argv[1])
    for name in sys.argv[2:]:
        if NETWORKS[name].is_own:
            network = NETWORKS[name].build().eval()
            with torch.no_grad():
                fill(network)
            torch.save(network.state_dict(), folder / f"{name}.pt")
            print(name, flush=True)
            continue
        weights = read_weights(folder / f"{name}.npz")
        names = resnet50_layers() if name == "ResNet50" else weights
        network = NETWORKS[name].build().eval()
        with torch.no_grad():
            carry_over(network, [weights[layer] for layer in names])
        torch.save(network.state_dict(), folder / f"{name}.pt")
        print(name, flush=True)


if __name__ == "__main__":
    main()
