"""What a network of testdata/onnx is, and how its weights and its picture are drawn."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from torch import nn

TOKEN_NAMES = ("class_token", "distillation_token", "register_tokens", "pos_embed", "relative_position_bias_table")


@dataclass(frozen=True)
class Layer:
    """A module, or what it gives, that a map is taken at."""

    path: str
    #: How what leaves it holds a grid: "spatial" [1, c, h, w], "last" [1, h, w, c], "tokens" [1, t, c] or "windows".
    kind: str = "spatial"
    #: How many tokens stand before those of the grid.
    prefix: int = 0
    #: The grid of tokens, or of all windows together.
    grid: tuple[int, int] = (0, 0)
    #: The side of a window, and how far windows are shifted.
    window: int = 0
    shift: int = 0
    #: Of a batch norm: the convolution that the older exporter folds it into, leaving no trace of its own.
    convolution: str = ""


@dataclass(frozen=True)
class Network:
    """A network, the layers that maps are taken at, and the forms that it comes in."""

    name: str
    build: Callable[[], nn.Module]
    size: tuple[int, int]
    layers: tuple[Layer, ...]
    forms: tuple[str, ...]
    seed: int = 0
    #: Whether it gives an embedding, explained by its likeness to another.
    embeds: bool = False


def at(*paths: str) -> tuple[Layer, ...]:
    """Return layers of convolutional networks."""
    return tuple(Layer(path) for path in paths)


def tokens(grid: tuple[int, int], prefix: int, *paths: str) -> tuple[Layer, ...]:
    """Return layers of transformers."""
    return tuple(Layer(path, "tokens", prefix, grid) for path in paths)


def draw_picture(height: int, width: int, seed: int = 7) -> np.ndarray:
    """Return a picture [h, w, 3] of about −2 to 2: two spots off the centre, stripes and noise."""
    random = np.random.default_rng(seed)
    y = np.linspace(-1, 1, height)[:, np.newaxis, np.newaxis]
    x = np.linspace(-1, 1, width)[np.newaxis, :, np.newaxis]
    colours = random.uniform(-1.5, 1.5, (3, 3))
    spots = np.exp(-6 * ((y + 0.4) ** 2 + (x - 0.3) ** 2)) * colours[0]
    spots = spots + np.exp(-12 * ((y - 0.5) ** 2 + (x + 0.5) ** 2)) * colours[1]
    stripes = np.sin(9 * x + 4 * y) * 0.4 * colours[2]
    return (spots + stripes + random.uniform(-0.6, 0.6, (height, width, 3))).astype(np.float32)


def as_batch(picture: np.ndarray) -> torch.Tensor:
    """Return a picture as PyTorch takes it, [1, 3, h, w]."""
    return torch.from_numpy(np.ascontiguousarray(picture.transpose(2, 0, 1)[np.newaxis]))


def build(network: Network) -> nn.Module:
    """Build a network with weights and statistics of its own, the same at every run."""
    torch.manual_seed(0)
    model = network.build()
    for name, module in model.named_modules():
        generator = np.random.default_rng(zlib.crc32(f"{network.name} {network.seed} {name}".encode()))
        draw_weights(module, generator)
    height, width = network.size
    pictures = [as_batch(draw_picture(height, width, seed)) for seed in range(7, 13)]
    measure_statistics(model, torch.cat(pictures))
    return model.eval()


def draw_weights(module: nn.Module, random: np.random.Generator) -> None:
    """Draw a module's own weights, so that activations keep a variance of about 1 and no norm is near the identity."""
    for name, parameter in module.named_parameters(recurse=False):
        shape = tuple(parameter.shape)
        normal = random.standard_normal(shape)
        if isinstance(module, nn.PReLU):
            drawn = random.uniform(0.05, 0.6, shape)
        elif name in TOKEN_NAMES:
            drawn = 0.5 * normal
        elif name == "gamma":
            drawn = random.uniform(0.4, 0.9, shape)
        elif "bias" in name:
            drawn = 0.2 * normal
        elif len(shape) == 1:
            drawn = random.uniform(0.6, 1.5, shape)
        elif isinstance(module, nn.ConvTranspose2d):
            drawn = normal * np.sqrt(2 * np.prod(module.stride) / (shape[0] * np.prod(shape[2:]) / module.groups))
        else:
            drawn = normal * np.sqrt((2 if len(shape) == 4 else 1) / np.prod(shape[1:]))
        parameter.data = torch.from_numpy(np.asarray(drawn, np.float32))


def measure_statistics(model: nn.Module, pictures: torch.Tensor) -> None:
    """Give batch norms the statistics of some pictures, as training would."""
    norms = [module for module in model.modules() if isinstance(module, nn.BatchNorm2d)]
    for norm in norms:
        norm.reset_running_stats()
        norm.momentum = None
    model.train()
    with torch.no_grad():
        model(pictures)
    for norm in norms:
        norm.momentum = 0.1
