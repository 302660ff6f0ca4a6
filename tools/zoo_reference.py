"""Grad-CAM of a Keras 3 model: by AUCMEDI, the reference, where it runs, else by the same formula on TensorFlow."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from aucmedi.xai.methods.gradcam import GradCAM

EPS = 1e-8
ENDS = ("softmax", "sigmoid")
TRANSPARENT = ("Activation", "Dropout", "Flatten", "Reshape")

Box = tuple[float, float, float, float]
Values = np.ndarray | list[np.ndarray]


def find_layer(model: keras.Model, path: str) -> tuple[Any, int]:
    """Return the layer of a path such as `outer/inner`, and which of its calls is meant, in the order of execution.

    In a path `name:1` is the second call that was made when the model was built.
    """
    position = 0
    for part in path.split("/"):
        name, _, number = part.partition(":")
        layer = model.get_layer(name)
        executed = [node for node in nodes_in_order(model) if node.operation is layer]
        made = sorted(executed, key=layer._inbound_nodes.index)
        position = position * len(made) + executed.index(made[int(number or 0)])
        model = layer
    return model, position


def nodes_in_order(model: keras.Model) -> list[Any]:
    """Return the calls of layers in the order in which Keras runs them."""
    by_depth = getattr(model, "_functional", model)._nodes_by_depth
    return [node for depth in sorted(by_depth, reverse=True) for node in by_depth[depth]]


@contextmanager
def recorded(layer: Any, tape: tf.GradientTape) -> Iterator[list[tf.Tensor]]:
    """Keep what a layer gives at each call, and let the tape lead to it, as long as the context lasts."""
    values: list[tf.Tensor] = []
    call = layer.call

    def record(*args: Any, **options: Any) -> tf.Tensor:
        value = tf.identity(call(*args, **options))
        tape.watch(value)
        values.append(value)
        return value

    layer.call = record
    try:
        yield values
    finally:
        layer.call = call


@contextmanager
def without_activation(layer: Any) -> Iterator[None]:
    """Let a layer give what stands before its softmax or sigmoid, as long as the context lasts."""
    if isinstance(layer, keras.layers.Softmax):
        name, bare = "call", lambda x, **_: x
    else:
        name, bare = "activation", keras.activations.linear
    kept = getattr(layer, name)
    setattr(layer, name, bare)
    try:
        yield
    finally:
        setattr(layer, name, kept)


def end_of(tensor: Any) -> Any | None:
    """Return the layer whose softmax or sigmoid gives an output, None if there is none."""
    operation = tensor._keras_history.operation
    if isinstance(operation, keras.Model):
        return end_of(operation.outputs[0])
    if activation_of(operation) in ENDS:
        return operation
    is_transparent = type(operation).__name__ in TRANSPARENT and activation_of(operation) in ("", "linear")
    return end_of(operation.input) if is_transparent else None


def activation_of(layer: Any) -> str:
    if isinstance(layer, keras.layers.Softmax):
        return "softmax"
    return getattr(getattr(layer, "activation", None), "__name__", "")


def output_names(model: keras.Model) -> list[str]:
    return [model.layers[-1].name] if isinstance(model, keras.Sequential) else list(model.output_names)


def per_class(output: Any, box: Box | None = None, image: tuple[int, int] | None = None) -> Any:
    """Return one score for each class, [1, n]: of a picture of scores, [1, h, w, n], the mean of a box or of all."""
    if len(output.shape) != 4:
        return output
    if box is None or image is None:
        return tf.reduce_mean(output, axis=(1, 2))
    x, y, width, height = box
    rows = overlaps(output.shape[1], image[0], y, height)
    columns = overlaps(output.shape[2], image[1], x, width)
    weights = np.outer(rows, columns).astype(np.float32)
    return tf.einsum("bhwc,hw->bc", output, weights / weights.sum())


def overlaps(count: int, length: int, start: float, size: float) -> list[float]:
    """Return how much of each of `count` cells of a length lies between `start` and `start + size`."""
    cell = length / count
    return [max(min((i + 1) * cell, start + size) - max(i * cell, start), 0) for i in range(count)]


def grad_cam(
    model: keras.Model, layer: str, x: Values, class_index: int, output: int, box: Box | None, image: tuple[int, int]
) -> tuple[np.ndarray, float] | None:
    """Return the map of a layer before normalisation and the score, None if the score does not depend on it.

    A: activation [1, h, w, k]; S: score; map = Σ_k A_k · mean(∂S/∂A_k).
    """
    target, use = find_layer(model, layer)
    with tf.GradientTape() as tape, recorded(target, tape) as values:
        outputs = model(x, training=False)
        scores = per_class(outputs[output] if isinstance(outputs, list) else outputs, box, image)
        score = scores[:, class_index]
    activation = values[use]
    gradient = tape.gradient(score, activation)
    if gradient is None:
        return None
    weights = tf.reduce_mean(gradient, axis=(0, 1, 2))
    return (activation[0] @ weights[..., tf.newaxis]).numpy()[..., 0], float(score[0])


def fingerprint(model: keras.Model, layer: str, x: Values) -> dict[str, Any]:
    """Return what tells a layer's output from others: its shape, the sum of its values and one with weights."""
    target, use = find_layer(model, layer)
    with tf.GradientTape() as tape, recorded(target, tape) as values:
        model(x, training=False)
    activation = values[use].numpy().astype(np.float64)
    weights = np.sin(np.arange(1, activation.size + 1)).reshape(activation.shape)
    return {
        "shape": list(activation.shape),
        "magnitude": float(np.abs(activation).sum()),
        "waves": float((activation * weights).sum()),
    }


def normalize(raw: np.ndarray) -> np.ndarray:
    return (raw - np.min(raw)) / ((raw.max() - raw.min()) + EPS)


def run_aucmedi(model: keras.Model, layer: str, x: Values, class_index: int) -> np.ndarray | None:
    """Return AUCMEDI's map, None where it cannot explain such a model."""
    target, _ = find_layer(model, layer)
    fails = isinstance(model, keras.Sequential) or isinstance(target, keras.Model) or isinstance(x, list)
    fails |= len(model.outputs) > 1 or len(model.outputs[0].shape) != 2
    # It leaves augmentation on, so that its maps of such models are random.
    fails |= any(type(inner).__name__.startswith("Random") for inner in model.layers)
    if fails or "/" in layer or len(target._inbound_nodes) > 1:
        return None
    return GradCAM(model, layer).compute_heatmap(x, class_index)


def default_layer(model: keras.Model) -> tuple[str | None, bool]:
    """Return AUCMEDI's choice, with inputs and outputs of one pixel passed over, and whether there were such."""
    layers = [layer for layer in model.layers if not isinstance(layer, keras.layers.InputLayer)]
    spatial = [layer for layer in layers if len(layer.output.shape) == 4]
    single = [layer.name for layer in spatial if tuple(layer.output.shape[1:3]) == (1, 1)]
    eligible = [layer.name for layer in spatial if layer.name not in single]
    chosen = eligible[-1] if eligible else None
    if not spatial:
        return default_inside(model), False
    first_choice = GradCAM(model).layerName
    is_passed_over = first_choice in single
    if first_choice in [layer.name for layer in layers] and first_choice != chosen and not is_passed_over:
        raise ValueError(f"AUCMEDI chooses {first_choice}, not {chosen}")
    return chosen, is_passed_over


def default_inside(model: keras.Model, prefix: str = "") -> str | None:
    """Return the last layer with a 4-D output inside nested models, where the outermost has none."""
    for layer in reversed(model.layers):
        if isinstance(layer, keras.Model):
            if len(layer.output.shape) == 4:
                return prefix + layer.name
            found = default_inside(layer, f"{prefix}{layer.name}/")
            if found:
                return found
        elif len(layer.output.shape) == 4 and not isinstance(layer, keras.layers.InputLayer) and prefix:
            return prefix + layer.name
    return None


def steadied(model: keras.Model, compute: Callable[[], Any], raw: np.ndarray, jitter: float, steadiness: float) -> None:
    """Raise an error if a map depends on how sums are rounded."""
    weights = model.get_weights()
    random = np.random.default_rng(0)

    def moved(weight: np.ndarray) -> np.ndarray:
        return (weight * (1 + jitter * random.choice([-1, 1], weight.shape))).astype(weight.dtype)

    try:
        for _ in range(3):
            model.set_weights([moved(weight) for weight in weights])
            spread = np.abs(compute()[0] - raw).max() / np.abs(raw).max()
            if not spread <= steadiness:
                raise ValueError(f"A map moves by {spread:.1e} of its maximum: choose another seed")
    finally:
        model.set_weights(weights)
