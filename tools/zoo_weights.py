"""Weights and inputs of the networks of testdata/zoo, the same numbers under any version of Keras."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import Any

import numpy as np
from zoo_networks import Chain, Network


def build(keras: Any, network: Network) -> Any:
    """Build a network with the module `keras`, and set its weights."""
    keras.backend.clear_session()
    model = network.build(Chain(keras))
    for path, layer in leaves(model):
        random = generator(network, path)
        shapes = [value.shape for value in layer.get_weights()]
        layer.set_weights([draw(random, layer, index, shape) for index, shape in enumerate(shapes)])
    return model


def leaves(model: Any, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Yield all layers with their paths, `outer/inner`, those of nested models in place of these."""
    for layer in model.layers:
        if hasattr(layer, "layers"):
            yield from leaves(layer, f"{prefix}{layer.name}/")
        else:
            yield prefix + layer.name, layer


def generator(network: Network, what: str) -> np.random.Generator:
    return np.random.default_rng(zlib.crc32(f"{network.name} {network.seed} {what}".encode()))


def draw(random: np.random.Generator, layer: Any, index: int, shape: tuple[int, ...]) -> np.ndarray:
    """Draw a layer's weight so that activations keep a variance of about 1."""
    kind = type(layer).__name__
    normal = random.standard_normal(shape)
    if kind == "BatchNormalization":
        # Gamma, beta, moving mean, moving variance: none near what training starts from.
        uniform = random.uniform(0.6, 1.5, shape)
        drawn = [uniform, 0.3 * normal, 0.3 * normal, uniform][index]
    elif len(shape) == 1:
        drawn = 0.1 * normal
    else:
        drawn = normal * np.sqrt(2 / fan_in(kind, shape))
    return drawn.astype(np.float32)


def fan_in(kind: str, shape: tuple[int, ...]) -> float:
    """Return how many values of the input a value of the output is a sum of."""
    if len(shape) == 2:
        return shape[0]
    height, width, inputs, outputs = shape
    if kind == "DepthwiseConv2D":
        return height * width
    if kind == "Conv2DTranspose":
        return height * width * outputs / 4
    return height * width * inputs


def draw_input(network: Network, shape: tuple[int, ...]) -> np.ndarray:
    """Return an input, [1, h, w, c], −1 to 1: noise around a bright spot off the centre."""
    random = generator(network, "input")
    height, width, channels = shape
    y = np.linspace(-1, 1, height)[:, np.newaxis, np.newaxis]
    x = np.linspace(-1, 1, width)[np.newaxis, :, np.newaxis]
    spot = np.exp(-4 * ((y + 0.4) ** 2 + (x - 0.3) ** 2)) * random.uniform(0.5, 1, channels)
    noise = random.uniform(-0.5, 0.5, shape)
    return np.clip(spot + noise, -1, 1).astype(np.float32)[np.newaxis]
