"""Weights and inputs of the networks of testdata/zoo, the same numbers under any version of Keras."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import Any

import numpy as np
from zoo_chain import Chain, Network

SCALES = ("gamma", "moving_variance", "variance")
SHIFTS = ("beta", "moving_mean", "mean")


def build(keras: Any, network: Network, policy: str = "float32") -> Any:
    """Build a network with the module `keras`, and set its weights."""
    keras.backend.clear_session()
    keras.mixed_precision.set_global_policy(policy)
    model = network.build(Chain(keras))
    keras.mixed_precision.set_global_policy("float32")
    for path, layer in leaves(model):
        random = generator(network, path)
        names = [weight.name.rpartition("/")[2].partition(":")[0] for weight in layer.weights]
        values = zip(names, layer.get_weights(), strict=True)
        layer.set_weights([draw(random, layer, name, value) for name, value in values])
        if type(layer).__name__ == "Normalization":
            layer.finalize_state()
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


def draw(random: np.random.Generator, layer: Any, name: str, value: np.ndarray) -> np.ndarray:
    """Draw a layer's weight so that activations keep a variance of about 1."""
    if value.dtype.kind in "iu":
        return value
    shape = value.shape
    normal = random.standard_normal(shape)
    # Statistics, gains and slopes: none near what training starts from.
    if name in (*SCALES, *SHIFTS):
        uniform = random.uniform(0.6, 1.5, shape)
        drawn = uniform if name in SCALES else 0.3 * normal
    elif name == "alpha":
        drawn = random.uniform(0.05, 0.6, shape)
    elif len(shape) == 1:
        drawn = 0.1 * normal
    else:
        drawn = normal * np.sqrt(2 / fan_in(type(layer).__name__, shape))
    return drawn.astype(np.float32)


def fan_in(kind: str, shape: tuple[int, ...]) -> float:
    """Return how many values of the input a value of the output is a sum of."""
    if len(shape) < 4:  # attention sums over more at its end, which does no harm
        return shape[0]
    height, width, inputs, outputs = shape
    if kind == "DepthwiseConv2D":
        return height * width
    if kind == "Conv2DTranspose":
        return height * width * outputs / 4
    return height * width * inputs


def input_shapes(network: Network, model: Any) -> dict[str, tuple[int, ...]]:
    """Return the shape of what each input of a model is given, with the batch, by name."""
    names = [tensor.name for tensor in model.inputs] if len(model.inputs) > 1 else [network.image]
    shapes = {name: tuple(tensor.shape[1:]) for name, tensor in zip(names, model.inputs, strict=True)}
    return {name: (1, *sized(network, shape)) for name, shape in shapes.items()}


def sized(network: Network, shape: tuple[int | None, ...]) -> tuple[int, ...]:
    sizes = iter(network.size)
    return tuple(next(sizes) if length is None else length for length in shape)


def draw_inputs(network: Network, model: Any) -> dict[str, np.ndarray]:
    """Return what goes into a model, by the names of its inputs."""
    return {name: draw_input(network, name, shape) for name, shape in input_shapes(network, model).items()}


def draw_input(network: Network, name: str, shape: tuple[int, ...]) -> np.ndarray:
    """Return an input from −1 to 1: of an image, [1, h, w, c], noise around a bright spot off the centre."""
    random = generator(network, "input" if name == network.image else f"input {name}")
    if len(shape) != 4:
        return random.uniform(-1, 1, shape).astype(np.float32)
    _, height, width, channels = shape
    y = np.linspace(-1, 1, height)[:, np.newaxis, np.newaxis]
    x = np.linspace(-1, 1, width)[np.newaxis, :, np.newaxis]
    spot = np.exp(-4 * ((y + 0.4) ** 2 + (x - 0.3) ** 2)) * random.uniform(0.5, 1, channels)
    noise = random.uniform(-0.5, 0.5, shape[1:])
    return np.clip(spot + noise, -1, 1).astype(np.float32)[np.newaxis]
