"""Make testdata/keras_layers: what Keras computes in single layers and recorded operations, and its gradient.

    python tools/make_keras_layers.py

Run it once with Keras 3 (writes keras3.json) and once with Keras 2.15, as TensorFlow 2.15 brings it (keras2.json). Each
row is a model of one layer as Keras notes it, its output for an input and with weights that the test makes by the same
formulas, and the gradient of the output's products with a pattern. Height and width differ.
"""

from __future__ import annotations

import argparse
import json
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"

import numpy as np
import tensorflow as tf
from keras import __version__ as VERSION

keras = tf.keras
L = keras.layers
MAJOR = int(VERSION.split(".")[0])
SHAPE = (1, 5, 4, 4)

Row = Callable[[Any], Any]


def tokens(build: Row) -> Row:
    """A layer on sequences: pixels one after another."""
    return lambda x: build(L.Reshape((20, 4))(x))


def gated(build: Callable[[list[Any]], Any]) -> Row:
    """A layer that joins the input with one number a channel."""
    return lambda x: build([x, L.GlobalMaxPooling2D(keepdims=True)(x)])


LAYERS: dict[str, Row] = {
    # Convolutions
    "Conv2D grouped": L.Conv2D(6, 3, groups=2, strides=2, padding="same", activation="relu"),
    "Conv2D grouped and dilated": L.Conv2D(4, 2, groups=4, dilation_rate=2, use_bias=False),
    "Conv2D dilated": L.Conv2D(3, 3, dilation_rate=(2, 1), padding="same"),
    "Conv2D with a layer as activation": L.Conv2D(3, 2, activation=L.ReLU(max_value=0.4, negative_slope=0.2)),
    "Conv2D with a softmax over rows": L.Conv2D(3, 2, activation=L.Softmax(axis=1)),
    "DepthwiseConv2D with a multiplier": L.DepthwiseConv2D(3, depth_multiplier=2, strides=2, padding="same"),
    "DepthwiseConv2D dilated": L.DepthwiseConv2D(2, dilation_rate=2, activation="tanh"),
    "SeparableConv2D": L.SeparableConv2D(3, 3, depth_multiplier=2, padding="same", activation="elu"),
    "SeparableConv2D dilated": L.SeparableConv2D(3, 2, dilation_rate=2),
    "Conv2DTranspose": L.Conv2DTranspose(3, 3, strides=2, padding="same"),
    "Conv2DTranspose, output padding": L.Conv2DTranspose(3, (3, 2), strides=(3, 2), output_padding=(1, 1)),
    "Conv2DTranspose, less output": L.Conv2DTranspose(3, 3, strides=2, padding="same", output_padding=0),
    "Conv1D grouped": tokens(L.Conv1D(4, 3, groups=2, strides=2)),
    "Conv1D causal": tokens(L.Conv1D(3, 3, padding="causal", dilation_rate=2)),
    "Conv1DTranspose": tokens(L.Conv1DTranspose(3, 3, strides=2, padding="same")),
    "DepthwiseConv1D": tokens(L.DepthwiseConv1D(3, strides=2, padding="same")),
    "SeparableConv1D": tokens(L.SeparableConv1D(3, 3, depth_multiplier=2)),
    # Recurrent
    "GRU": tokens(L.GRU(3)),
    "GRU, sequences backwards": tokens(L.GRU(3, return_sequences=True, go_backwards=True, use_bias=False)),
    "GRU, other activations": tokens(L.GRU(3, activation="relu", recurrent_activation="hard_sigmoid")),
    "GRU, state": tokens(lambda x: L.Concatenate()(list(L.GRU(3, return_state=True)(x)))),
    "Bidirectional GRU": tokens(L.Bidirectional(L.GRU(2))),
    "Bidirectional GRU, sequences": tokens(L.Bidirectional(L.GRU(2, return_sequences=True), merge_mode="sum")),
    "Bidirectional GRU of two kinds": tokens(
        L.Bidirectional(
            L.GRU(2, recurrent_activation="hard_sigmoid"),
            backward_layer=L.GRU(2, activation="relu", go_backwards=True),
            merge_mode="mul",
        )
    ),
    # Normalisation
    "BatchNormalization": L.BatchNormalization(),
    "BatchNormalization, no gains": L.BatchNormalization(scale=False),
    "BatchNormalization, no offsets": L.BatchNormalization(center=False),
    "BatchNormalization, neither": L.BatchNormalization(center=False, scale=False, epsilon=0.1),
    "BatchNormalization of rows": L.BatchNormalization(axis=1),
    "BatchNormalization of vectors": lambda x: L.BatchNormalization()(L.GlobalAveragePooling2D()(x)),
    "LayerNormalization": L.LayerNormalization(),
    "LayerNormalization of rows, columns": L.LayerNormalization(axis=[1, 2]),
    "LayerNormalization, no gains": L.LayerNormalization(scale=False),
    "LayerNormalization, no offsets": L.LayerNormalization(axis=[1, 3], center=False),
    "LayerNormalization, neither": L.LayerNormalization(axis=1, center=False, scale=False, epsilon=0.5),
    "GroupNormalization": L.GroupNormalization(2),
    "GroupNormalization of each channel": L.GroupNormalization(-1, scale=False),
    "GroupNormalization of columns": L.GroupNormalization(2, axis=2, center=False),
    "UnitNormalization": L.UnitNormalization(axis=[1, 2]),
    "Normalization": L.Normalization(),
    "Normalization over nothing": L.Normalization(axis=None),
    "Normalization, given": L.Normalization(mean=[0.1, 0.2, 0.3, 0.4], variance=[1.0, 2.0, 0.5, 0.7]),
    "Normalization, inverted": L.Normalization(invert=True),
    "Rescaling": L.Rescaling([0.5, 0.25, 2.0, 1.0], offset=[0.1, 0.2, 0.3, 0.4]),
    # Activations as layers
    "ReLU": L.ReLU(max_value=0.5, negative_slope=0.1, threshold=0.2),
    "LeakyReLU": L.LeakyReLU(0.15),
    "PReLU": L.PReLU(),
    "PReLU, shared": L.PReLU(shared_axes=[1, 2]),
    "PReLU, one a pixel": L.PReLU(shared_axes=[3]),
    "ELU": L.ELU(alpha=0.3),
    "Softmax over pixels": L.Softmax(axis=[1, 2]),
    # Pictures
    "Resizing": L.Resizing(7, 3),
    "Resizing to the nearest": L.Resizing(3, 7, interpolation="nearest"),
    "Resizing bicubic": L.Resizing(7, 3, interpolation="bicubic"),
    "Resizing lanczos3": L.Resizing(7, 3, interpolation="lanczos3"),
    "Resizing lanczos5": L.Resizing(3, 6, interpolation="lanczos5"),
    "Resizing, cropped": L.Resizing(3, 6, crop_to_aspect_ratio=True),
    "CenterCrop": L.CenterCrop(2, 3),
    "CenterCrop that enlarges": L.CenterCrop(6, 3),
    "UpSampling2D": L.UpSampling2D((2, 3)),
    "UpSampling2D bilinear": L.UpSampling2D((3, 2), interpolation="bilinear"),
    "UpSampling2D bicubic": L.UpSampling2D(2, interpolation="bicubic"),
    "ZeroPadding2D": L.ZeroPadding2D(((1, 0), (0, 2))),
    "Cropping2D": L.Cropping2D(((1, 0), (0, 2))),
    "RandomFlip": L.RandomFlip(),
    # Pooling
    "AveragePooling2D": L.AveragePooling2D(3, 2, padding="same"),
    "AveragePooling2D, steps of one": L.AveragePooling2D((2, 3), 1, padding="same"),
    "MaxPooling2D": L.MaxPooling2D(3, 2, padding="same"),
    "GlobalAveragePooling2D": L.GlobalAveragePooling2D(keepdims=True),
    "GlobalMaxPooling2D of equals": lambda x: L.GlobalMaxPooling2D(keepdims=True)(L.ReLU(max_value=0.3)(x)),
    "GlobalMaxPooling1D": tokens(L.GlobalMaxPooling1D(keepdims=True)),
    "AveragePooling1D": tokens(L.AveragePooling1D(3, 2, padding="same")),
    # Shapes
    "Reshape": L.Reshape((2, -1, 5)),
    "Permute": L.Permute((3, 1, 2)),
    "UpSampling1D": tokens(L.UpSampling1D(2)),
    "ZeroPadding1D": tokens(L.ZeroPadding1D((1, 2))),
    "Cropping1D": tokens(L.Cropping1D((1, 2))),
    # Joins
    "Subtract": gated(L.Subtract()),
    "Maximum": gated(L.Maximum()),
    "Minimum": gated(L.Minimum()),
    "Multiply": gated(L.Multiply()),
    "Average": gated(L.Average()),
    "Concatenate along rows": lambda x: L.Concatenate(axis=-3)([x, L.MaxPooling2D((2, 1))(x)]),
    "Dot": tokens(lambda x: L.Dot(axes=(2, 2))([x, L.MaxPooling1D(4)(x)])),
    "Dot, normalised": tokens(lambda x: L.Dot(axes=2, normalize=True)([x, L.MaxPooling1D(4)(x)])),
    # Products and attention
    "Dense of pixels": L.Dense(3, activation="relu"),
    "EinsumDense": L.EinsumDense("abcd,de->abce", output_shape=(None, None, 3), bias_axes="e"),
    "EinsumDense with an ellipsis": L.EinsumDense("...x,xy->...y", output_shape=3, activation="tanh"),
    "MultiHeadAttention": tokens(lambda x: L.MultiHeadAttention(2, 3)(x, x)),
    "MultiHeadAttention, key by name": tokens(
        lambda x: L.MultiHeadAttention(2, 3, value_dim=2, output_shape=5, use_bias=False)(x, x, key=L.ReLU()(x))
    ),
    "MultiHeadAttention over pixels": lambda x: L.MultiHeadAttention(2, 2, attention_axes=(1, 2))(x, x),
    "MultiHeadAttention over columns": lambda x: L.MultiHeadAttention(2, 2, attention_axes=(2,))(x, x),
    "MultiHeadAttention, causal": tokens(lambda x: L.MultiHeadAttention(1, 3)(x, x, use_causal_mask=True)),
    "Attention": tokens(lambda x: L.Attention(use_scale=True)([x, L.ReLU()(x)])),
    "AdditiveAttention": tokens(lambda x: L.AdditiveAttention()([x, L.MaxPooling1D(5)(x)])),
    "TimeDistributed": L.TimeDistributed(L.Dense(3, activation="relu")),
}  # fmt: skip

LAYERS3: dict[str, Row] = {} if MAJOR == 2 else {
    "LayerNormalization, rms_scaling": L.LayerNormalization(rms_scaling=True),
    "RMSNormalization": L.RMSNormalization(axis=[2, 3]),
    "Resizing, padded": L.Resizing(3, 6, pad_to_aspect_ratio=True, fill_value=0.5),
    "Resizing, antialias": L.Resizing(3, 2, antialias=True),
    "AdaptiveAveragePooling2D": L.AdaptiveAveragePooling2D((3, 3)),
    "AdaptiveMaxPooling2D": L.AdaptiveMaxPooling2D((3, 3)),
    "GroupQueryAttention": tokens(lambda x: L.GroupQueryAttention(3, 4, 2)(x, x)),
    "Pipeline": L.Pipeline([L.RandomFlip(), L.Rescaling(0.5)]),
    **{f"Activation {name}": L.Activation(name) for name in [
        "celu", "elu", "exponential", "gelu", "glu", "hard_shrink", "hard_sigmoid", "hard_silu", "hard_tanh",
        "leaky_relu", "log_sigmoid", "log_softmax", "mish", "relu6", "selu", "silu", "soft_shrink", "softplus",
        "softsign", "sparse_plus", "sparse_sigmoid", "sparsemax", "squareplus", "tanh_shrink",
    ]},
}  # fmt: skip

LAYERS2: dict[str, Row] = {} if MAJOR == 3 else {
    "Conv2DTranspose dilated": L.Conv2DTranspose(3, 3, dilation_rate=2, padding="same"),
    "ThresholdedReLU": L.ThresholdedReLU(0.3),
    "BatchNormalization, renorm": tf.compat.v1.keras.layers.BatchNormalization(renorm=True),
    "Resizing gaussian": L.Resizing(3, 6, interpolation="gaussian"),
    "Resizing mitchellcubic": L.Resizing(7, 3, interpolation="mitchellcubic"),
    **{f"Activation {name}": L.Activation(name) for name in ["hard_sigmoid", "swish", "mish"]},
    "Activation tf.nn.log_softmax": L.Activation(tf.nn.log_softmax),
}  # fmt: skip


def operations3() -> dict[str, Row]:
    """Operations as Keras 3 records them."""
    ops = keras.ops
    constant = np.array([0.5, -0.25, 1.5, 2.0], np.float32)
    return {
        "arithmetic": lambda x: (2.0 - x * 3) / (x * x + 1.5) + abs(x) ** 1.5,
        "constants": lambda x: ops.maximum(x * constant, ops.convert_to_tensor(constant) - 1.0),
        "spread": lambda x: ops.mean(x, axis=[1, 2], keepdims=True) - x,
        "functions": lambda x: ops.exp(ops.tanh(x)) + ops.log1p(ops.abs(x)) * ops.sqrt(ops.square(x) + 1.0),
        "activations": lambda x: ops.gelu(x, approximate=False) + ops.elu(x, alpha=0.5) * ops.leaky_relu(x, 0.3),
        "softmax": lambda x: ops.softmax(x, axis=1) + ops.log_softmax(x, axis=-1),
        "reductions": lambda x: ops.std(x, axis=1) + ops.logsumexp(x, axis=1) + ops.prod(x, axis=1),
        "minimum with equals": lambda x: ops.min(ops.maximum(x, -0.3), axis=(1, 2)),
        "median": lambda x: ops.median(x, axis=-1),
        "norm": lambda x: x / ops.norm(x, axis=-1, keepdims=True) + ops.normalize(x, axis=-1),
        "moments": lambda x: (lambda m: (x - m[0]) / m[1])(ops.moments(x, axes=[1, 2], keepdims=True)),
        "where": lambda x: ops.where(x > 0.1, x * 2.0, ops.mean(x, axis=-1, keepdims=True)),
        "logic": lambda x: x * ops.cast(ops.logical_and(x > -0.5, x < 0.5), "float32"),
        "cumsum": lambda x: ops.cumsum(x, axis=1),
        "reshape": lambda x: ops.reshape(ops.transpose(x, (0, 3, 1, 2)), (-1, 10, 8)),
        "moveaxis": lambda x: ops.moveaxis(x, (1, 2), (2, 1)),
        "squeeze, expand_dims": lambda x: ops.expand_dims(ops.squeeze(ops.max(x, axis=1, keepdims=True), 1), (1, 3)),
        "concatenate, stack": lambda x: ops.concatenate([ops.stack([x, x * 2.0], axis=-1)] * 2, axis=1),
        "split": lambda x: (lambda a: a[2] * ops.sigmoid(a[0]))(ops.split(x, [1, 3], axis=-1)),
        "repeat, tile, roll, flip": lambda x: ops.roll(ops.tile(ops.repeat(ops.flip(x, 1), 2, axis=1), (1, 1, 2, 1)), 3, 1),
        "pad": lambda x: ops.pad(ops.pad(x, ((0, 0), (1, 2), (0, 1), (0, 0)), mode="reflect"), ((0, 0), (1, 0), (2, 1), (0, 0))),
        "slices": lambda x: x[:, 1:-1, ::2, :] + x[:, -2:0:-1, :2, None, 1],
        "take": lambda x: ops.take(x, [2, 0], axis=-1),
        "matmul": lambda x: (lambda t: ops.matmul(ops.softmax(t @ ops.transpose(t, (0, 2, 1))), t))(ops.reshape(x, (-1, 20, 4))),
        "einsum": lambda x: ops.einsum("bhwc,bhwd->bcd", x, x) / 20.0,
        "image.resize": lambda x: ops.image.resize(x, (3, 6), interpolation="bicubic", antialias=True),
        "image.pad_images": lambda x: ops.image.crop_images(ops.image.pad_images(x, 1, 2, 2, 1), 1, 1, 0, 0),
        "pooling": lambda x: ops.average_pool(x, 3, 2, padding="same") + ops.max_pool(x, 3, 2, padding="same"),
        "normalisation": lambda x: ops.layer_normalization(x, axis=[1, 2]) + ops.rms_normalization(x),
        "depth_to_space": lambda x: ops.depth_to_space(x, 2),
    }  # fmt: skip


def operations2() -> dict[str, Row]:
    """Functions as Keras 2 records them."""
    constant = np.array([0.5, -0.25, 1.5, 2.0], np.float32)
    return {
        "arithmetic": lambda x: (2.0 - x * 3) / (x * x + 1.5) + abs(x) ** 1.5,
        "constants": lambda x: tf.maximum(x * constant, tf.constant(constant) - x),
        "spread": lambda x: tf.math.squared_difference(tf.reduce_mean(x, [1, 2], keepdims=True), x),
        "functions": lambda x: tf.exp(tf.tanh(x)) + tf.math.log1p(tf.abs(x)) * tf.sqrt(tf.square(x) + 1.0),
        "activations": lambda x: tf.nn.gelu(x) + tf.nn.silu(x) * tf.nn.leaky_relu(x, alpha=0.3),
        "softmax": lambda x: tf.nn.softmax(x, axis=1) + tf.nn.log_softmax(x),
        "reductions": lambda x: tf.math.reduce_std(x, axis=1) + tf.reduce_logsumexp(x, axis=1),
        "where": lambda x: tf.where(x > 0.1, x * 2.0, x * 0.5),
        "reshape to its own size": lambda x: tf.reshape(x, [tf.shape(x)[0], tf.shape(x)[1] * tf.shape(x)[2], 4]),
        "squeeze, expand_dims": lambda x: tf.expand_dims(tf.squeeze(tf.reduce_max(x, axis=1, keepdims=True), 1), 1),
        "concat, stack": lambda x: tf.concat([tf.stack([x, x * 2.0], axis=-1)] * 2, axis=1),
        "split": lambda x: (lambda a: a[1] * tf.sigmoid(a[0]))(tf.split(x, [2, 2], axis=-1)),
        "pad": lambda x: tf.pad(tf.pad(x, [[0, 0], [1, 2], [0, 1], [0, 0]], mode="SYMMETRIC"), [[0, 0], [1, 0], [0, 0], [0, 0]]),
        "slices": lambda x: x[:, 1:-1, ::2, :] + x[:, -2:0:-1, :2, tf.newaxis, 1],
        "matmul": lambda x: (lambda t: tf.matmul(tf.nn.softmax(tf.matmul(t, t, transpose_b=True)), t))(tf.reshape(x, [-1, 20, 4])),
        "tensordot": lambda x: tf.tensordot(x, tf.constant(np.arange(12, dtype=np.float32).reshape(4, 3) / 12), axes=1),
        "image.resize": lambda x: tf.image.resize(x, (3, 6), method="bicubic", antialias=True),
        "image.resize_with_crop_or_pad": lambda x: tf.image.resize_with_crop_or_pad(x, 3, 7),
        "image.per_image_standardization": lambda x: tf.image.per_image_standardization(x),
        "pooling": lambda x: tf.nn.avg_pool2d(x, 3, 2, "SAME") + tf.nn.max_pool2d(x, 3, 2, "SAME"),
        "bias_add": lambda x: tf.nn.bias_add(x, tf.constant(constant)),
    }  # fmt: skip


def numbers(count: int, seed: float) -> np.ndarray:
    """Numbers between -1 and 1 that look random; the test has the same formula."""
    return np.sin(seed + 12.9898 * np.arange(count)).astype(np.float32)


def give_weights(model: keras.Model) -> dict[str, list[tuple[str, list[int]]]]:
    """Give the layers weights by a formula, and say which they have, in Keras's order."""
    found = {}
    for layer in model.layers:
        values = []
        for index, weight in enumerate(layer.weights):
            noise = numbers(int(np.prod(weight.shape)), index + 1).reshape(weight.shape)
            values.append(np.abs(noise) + 0.5 if "variance" in weight.name else noise)
        layer.set_weights(values)
        if hasattr(layer, "finalize_state"):
            layer.finalize_state()
        if values:
            found[layer.name] = [(w.name.split("/")[-1].split(":")[0], list(w.shape)) for w in layer.weights]
    return found


UNUSED = ("_initializer", "_regularizer", "_constraint", "dtype", "module", "sparse", "ragged", "optional", "data_format")


def slim(value: Any) -> Any:
    """A configuration without what plays no part in inference and would fill the file."""
    if isinstance(value, list):
        return [slim(item) for item in value]
    if not isinstance(value, dict):
        return value
    kind = value.get("class_name")
    return {
        key: {"keras_history": item["keras_history"]} if kind == "__keras_tensor__" and key == "config" else slim(item)
        for key, item in value.items()
        if not key.endswith(UNUSED) and (kind == "Pipeline" or key != "build_config") and (key, item) != ("registered_name", None)
    }


def make(name: str, build: Row) -> dict[str, Any]:
    keras.backend.clear_session()
    image = L.Input(SHAPE[1:], name="image")
    model = keras.Model(image, L.Flatten(name="flat")(build(image)))
    weights = give_weights(model)
    x = tf.constant(numbers(int(np.prod(SHAPE)), 0.5).reshape(SHAPE))
    with tf.GradientTape() as tape:
        tape.watch(x)
        output = model(x, training=False)
        score = tf.reduce_sum(output * numbers(output.shape[-1], 2))
    gradient = tape.gradient(score, x)
    written = slim(json.loads(model.to_json()))
    return {
        "name": name,
        "model": {"class_name": written["class_name"], "config": written["config"]},
        "weights": weights,
        "output": [float(f"{value:.6g}") for value in output.numpy().ravel()],
        "gradient": [float(f"{value:.6g}") for value in gradient.numpy().ravel()],
    }


def main() -> None:
    parser = argparse.ArgumentParser(description="Make outputs and gradients of Keras's layers.")
    parser.add_argument("--out", type=Path, default=Path(__file__).resolve().parent.parent / "testdata/keras_layers")
    out: Path = parser.parse_args().out
    out.mkdir(parents=True, exist_ok=True)
    operations = operations3() if MAJOR == 3 else operations2()
    table = {**LAYERS, **LAYERS3, **LAYERS2, **{f"operations: {name}": row for name, row in operations.items()}}
    if MAJOR == 2:  # what both versions note in the same way stands in one file
        table = {name: row for name, row in table.items() if not re.search(r"^Resizing[^, ]* [nbl]|^UpSampling|1D", name)}
    rows = [make(name, row) for name, row in table.items()]
    lines = ",\n".join(json.dumps(row, separators=(",", ":")) for row in rows)
    (out / f"keras{MAJOR}.json").write_text(f'{{"keras":"{VERSION}","rows":[\n{lines}\n]}}\n')
    print(len(rows), "rows under Keras", VERSION)


if __name__ == "__main__":
    main()
