"""Make testdata/channels_first: small networks whose channels come first, and what Keras computes with them.

    python tools/make_channels_first.py

Run it once with Keras 3 (writes keras3.json and two whole models) and once with Keras 2, by tf-keras and with
TF_USE_LEGACY_KERAS=1 (keras2.json and converted graphs). Each row is a network as Keras notes it, its scores for an input and with weights that
the test makes by the same formulas, and raw Grad-CAM maps at two layers. Height and width differ.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np
import tensorflow as tf
from google.protobuf.json_format import MessageToDict
from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2

keras = tf.keras
L = keras.layers
VERSION = keras.Model.__module__.startswith("tf_keras") and __import__("tf_keras").__version__ or keras.__version__
MAJOR = int(VERSION.split(".")[0])
CHANNELS, HEIGHT, WIDTH = 3, 11, 14
FIRST = (CHANNELS, HEIGHT, WIDTH)
LAST = (HEIGHT, WIDTH, CHANNELS)
OUT = Path(__file__).parent.parent / "testdata" / "channels_first"

#: A network, and the layers at which maps are taken; none where it gives no scores of classes.
Network = tuple[Any, list[str]]


def image(shape: tuple[int, int, int] = FIRST) -> Any:
    return keras.Input(shape, name="image")


def chain() -> Network:
    model = keras.Sequential(
        [
            image(),
            L.Rescaling(0.5, offset=0.1),
            L.ZeroPadding2D(((1, 0), (0, 2))),
            L.Conv2D(6, (3, 2), strides=(2, 1), padding="same", name="stem"),
            L.BatchNormalization(axis=1),
            L.ReLU(),
            L.MaxPooling2D((1, 2)),
            L.Dropout(0.5),
            L.Conv2D(5, 3, padding="same", activation="relu", name="last"),
            L.Flatten(),
            L.Dense(4),
        ]
    )
    return model, ["stem", "last"]


def residual() -> Network:
    x = image()
    a = L.Conv2D(4, 3, strides=2, padding="same", use_bias=False, name="stem")(x)
    a = L.BatchNormalization(axis=1)(a)
    a = L.Activation("relu")(a)
    b = L.DepthwiseConv2D(3, padding="same")(a)
    b = L.BatchNormalization(axis=1)(b)
    b = L.Conv2D(4, 1)(b)
    gate = L.GlobalAveragePooling2D()(b)
    gate = L.Dense(4, activation="sigmoid")(L.Dense(2, activation="relu")(gate))
    b = L.Multiply()([b, L.Reshape((4, 1, 1))(gate)])
    a = L.Add()([a, b])
    c = L.Activation("relu")(L.Conv2D(3, 3, padding="same")(a))
    a = L.Concatenate(axis=1, name="joined")([a, c])
    wide = L.AveragePooling2D(2, padding="same")(a)
    a = L.Conv2D(6, 2, activation="relu", name="last")(wide)
    a = L.GlobalAveragePooling2D(keepdims=True)(a)
    a = L.Conv2D(4, 1)(a)
    return keras.Model(x, L.Flatten()(a)), ["joined", "last"]


def mixed() -> Network:
    x = image(LAST)
    a = L.Permute((3, 1, 2))(x)
    a = L.Conv2D(4, 3, activation="relu", name="first")(a)
    a = L.Permute((2, 3, 1))(a)
    a = L.Conv2D(5, 3, activation="relu", data_format="channels_last", name="last")(a)
    return keras.Model(x, L.Dense(3)(L.GlobalMaxPooling2D(data_format="channels_last")(a))), ["first", "last"]


def brought_last() -> Network:
    x = image()
    a = L.Permute((2, 3, 1))(L.Rescaling(2.0)(x))
    a = L.Conv2D(4, 3, activation="relu", data_format="channels_last", name="first")(a)
    a = L.Conv2D(5, 3, activation="relu", data_format="channels_last", name="last")(a)
    a = L.Flatten(data_format="channels_last")(a)
    return keras.Model(x, L.Dense(3)(a)), ["first", "last"]


def normalised() -> Network:
    x = image()
    a = L.Conv2D(4, 3, padding="same", name="stem")(x)
    a = L.LayerNormalization(axis=1)(a)
    a = L.PReLU(shared_axes=[2, 3])(a)
    a = L.SeparableConv2D(6, 3, depth_multiplier=2)(a)
    a = L.GroupNormalization(groups=3, axis=1)(a)
    a = L.PReLU()(a)
    a = L.Conv2DTranspose(4, (3, 2), strides=(1, 2))(a)
    a = L.LayerNormalization(axis=[1, 2, 3])(a)
    a = L.LeakyReLU()(a)
    b = L.Softmax(axis=1)(a)
    a = L.Multiply()([a, b])
    if MAJOR == 3:  # whose gradient Keras 2 has not for channels first on a CPU
        a = L.UpSampling2D((2, 1))(a)
    a = L.Cropping2D(((1, 2), (3, 0)))(a)
    a = L.PReLU(shared_axes=[2])(a)
    a = L.SpatialDropout2D(0.2)(a)
    a = L.Conv2D(4, 3, strides=2, name="last")(a)
    a = L.ELU()(a)
    b = L.UnitNormalization(axis=1)(a)
    a = L.Concatenate()([L.GlobalMaxPooling2D()(a), L.GlobalAveragePooling2D()(b)])
    return keras.Model(x, L.Dense(4)(a)), ["stem", "last"]


def reshaped() -> Network:
    # Nowhere are as many channels as columns: there Keras 3 adds a bias to the columns.
    x = image()
    a = L.Conv2D(4, 3, strides=2, activation="relu", name="stem")(x)
    a = L.Permute((1, 3, 2))(a)
    a = L.Conv2D(5, 2, activation="relu")(a)
    a = L.Permute((1, 3, 2))(a)
    a = L.Conv2D(6, 2, activation="relu", name="last")(a)
    b = L.Permute((2, 1))(L.Reshape((6, -1))(a))
    b = L.Dense(3, activation="tanh")(b)
    c = L.Conv1D(3, 2, data_format="channels_first")(L.Reshape((6, 12))(a))
    d = L.Flatten(data_format="channels_last")(a)
    e = L.Conv2D(2, 3, padding="same")(L.Reshape((2, 3, 12))(d))
    joined = [L.Flatten(data_format="channels_last")(y) for y in (b, c, e)]
    return keras.Model(x, L.Dense(4)(L.Concatenate()([*joined, d]))), ["stem", "last"]


def nested() -> Network:
    x = keras.Input(FIRST, name="inner")
    a = L.Conv2D(4, 3, activation="relu", padding="same", name="conv")(x)
    shared = L.Conv2D(4, 3, padding="same", activation="tanh", name="shared")
    a = L.Add()([shared(a), shared(shared(a))])
    backbone = keras.Model(x, L.PReLU()(a), name="backbone")
    y = image()
    a = keras.Sequential([keras.Input(FIRST), L.Rescaling(1.5)], name="scaling")(y)
    a = L.Conv2D(5, 3, activation="relu", name="last")(backbone(a))
    head = keras.Sequential([keras.Input((5,)), L.Dense(3)], name="head")
    return keras.Model(y, head(L.GlobalAveragePooling2D()(a))), ["backbone/conv", "last"]


def operations() -> Network:
    ops = keras.ops
    x = image()
    a = L.Conv2D(4, 3, padding="same", name="stem")(x / 2.0 - 0.1)
    a = ops.relu(a) * 0.5 + ops.sigmoid(a)
    a = ops.maximum(a, ops.multiply(a, ops.mean(a, axis=(2, 3), keepdims=True)))
    a = ops.concatenate([a, ops.square(a)], axis=1)
    a = L.Conv2D(4, 3, activation="relu", name="last")(a)
    return keras.Model(x, L.Dense(3)(ops.mean(a, axis=(2, 3)))), ["stem", "last"]


def tensorflow_operations() -> Network:
    x = image()
    a = L.Conv2D(4, 3, padding="same", name="stem")(x / 2.0 - 0.1)
    a = tf.nn.relu(a) * 0.5 + tf.sigmoid(a)
    a = tf.concat([a, tf.square(a)], 1)
    a = L.Conv2D(4, 3, activation="relu", name="last")(a)
    return keras.Model(x, L.Dense(3)(tf.reduce_mean(a, axis=(2, 3)))), ["stem", "last"]


def segmenting() -> Network:
    x = image()
    a = L.Conv2D(4, 3, strides=2, padding="same", activation="relu")(x)
    a = L.Conv2DTranspose(3, 3, strides=2, padding="same", name="last")(a)
    return keras.Model(x, L.Softmax(axis=1)(a)), []


NETWORKS: list[Callable[[], Network]] = [
    chain,
    residual,
    mixed,
    brought_last,
    normalised,
    reshaped,
    nested,
    operations if MAJOR == 3 else tensorflow_operations,
    segmenting,
]


def numbers(count: int, seed: float) -> np.ndarray:
    """Numbers between -1 and 1 that look random; the test has the same formula."""
    return np.sin(seed + 12.9898 * np.arange(count, dtype=np.float64)).astype(np.float32)


def weight(name: str, shape: tuple[int, ...], index: int) -> np.ndarray:
    noise = numbers(int(np.prod(shape)), index + 1).reshape(shape)
    return np.abs(noise) + 0.5 if "variance" in name else noise * np.float32(0.6)


def leaves(model: Any, path: tuple[str, ...] = ()) -> list[tuple[tuple[str, ...], Any]]:
    """The plain layers of a model with the names of the models around them."""
    found = []
    for layer in model.layers:
        own = (*path, layer.name)
        found += leaves(layer, own) if hasattr(layer, "layers") else [(own, layer)]
    return found


def own_name(variable: Any) -> str:
    return variable.name.split("/")[-1].split(":")[0]


def fill(model: Any) -> dict[str, list[tuple[str, list[int]]]]:
    shapes = {}
    for path, layer in leaves(model):
        if not layer.weights:
            continue
        noted = [(own_name(w), list(w.shape)) for w in layer.weights]
        layer.set_weights([weight(name, tuple(shape), index) for index, (name, shape) in enumerate(noted)])
        shapes["/".join(path)] = noted
    return shapes


def find(model: Any, path: str) -> Any:
    for name in path.split("/"):
        model = model.get_layer(name)
    return model


def picture(model: Any) -> np.ndarray:
    shape = tuple(model.inputs[0].shape[1:])
    last = numbers(CHANNELS * HEIGHT * WIDTH, 0.5).reshape(1, *LAST)
    return last if shape == LAST else last.transpose(0, 3, 1, 2)


def compute(model: Any, path: str | None, x: np.ndarray) -> tuple[np.ndarray, np.ndarray | None]:
    """The scores, and the raw map of the first of them at a layer's first use."""
    kept: list[Any] = []
    layer = find(model, path) if path else None
    own = layer.call if layer else None

    def call(*args: Any, **kwargs: Any) -> Any:
        value = own(*args, **kwargs) + deltas[0]
        kept.append(value)
        return value

    deltas: list[Any] = [0.0]

    @tf.function(jit_compile=True)
    def run(x: Any) -> Any:
        return model(x, training=False)

    if layer is None:
        return run(tf.constant(x)).numpy(), None

    @tf.function(jit_compile=True)
    def differentiate(x: Any, delta: Any) -> Any:
        kept.clear()
        deltas[0] = delta
        layer.call = call
        try:
            with tf.GradientTape() as tape:
                tape.watch(delta)
                scores = model(x, training=False)
                score = scores[0, 0]
            return scores, kept[0], tape.gradient(score, delta)
        finally:
            layer.call = own

    shape = layer.output.shape if not isinstance(layer.output, list) else layer.output[0].shape
    delta = tf.zeros([1, *shape[1:]])
    scores, activation, gradient = (value.numpy() for value in differentiate(tf.constant(x), delta))
    axis = 0 if getattr(layer, "data_format", "channels_first") == "channels_first" else -1
    a, g = (np.moveaxis(value[0], axis, -1) for value in (activation, gradient))
    return scores, (a * g.mean((0, 1))).sum(-1)


def rounded(values: np.ndarray) -> list[float]:
    return [float(f"{value:.6g}") for value in values.ravel()]


def row(build: Callable[[], Network]) -> dict[str, Any]:
    keras.backend.clear_session()
    model, layers = build()
    weights = fill(model)
    x = picture(model)
    scores, _ = compute(model, None, x)
    if scores.ndim == 4:
        scores = scores.mean((2, 3))
    maps = {}
    for path in layers:
        map_ = compute(model, path, x)[1]
        maps[path] = {"shape": list(map_.shape), "values": rounded(map_)}
    if MAJOR == 2 and build in GRAPHS:
        write_graph(model, build.__name__)
    if MAJOR == 3 and build in WHOLE:
        model.save(OUT / f"{build.__name__}{WHOLE[build]}")
    config = json.loads(model.to_json())
    return {
        "name": build.__name__,
        "model": {"class_name": config["class_name"], "config": config["config"]},
        "weights": weights,
        "scores": rounded(scores),
        "maps": maps,
    }


WHOLE = {residual: ".keras", normalised: ".h5"}
GRAPHS = [chain, residual, brought_last, reshaped, tensorflow_operations]


def write_graph(model: Any, name: str) -> None:
    """A graph as TensorFlow.js's converter writes it, without what that optimises."""
    spec = tf.TensorSpec([None, *model.inputs[0].shape[1:]], tf.float32, name="image")
    function = tf.function(lambda image: tf.identity(model(image, training=False), name="scores"))
    frozen = convert_variables_to_constants_v2(function.get_concrete_function(spec), lower_control_flow=False)
    nodes, specs, data = [], [], b""
    for node in frozen.graph.as_graph_def().node:
        if node.op == "NoOp":
            continue
        if node.op == "Const":
            values = tf.make_ndarray(node.attr["value"].tensor)
            del node.attr["value"]
            specs.append({"name": node.name, "shape": list(values.shape), "dtype": str(values.dtype)})
            data += values.tobytes()
        given = [name for name in node.input if not name.startswith("^")]
        del node.input[:]
        node.input.extend(given)
        nodes.append(MessageToDict(node))
    manifest = [{"paths": ["weights.bin"], "weights": specs}]
    topology = {"node": nodes, "versions": {"producer": 1}}
    folder = OUT / "graphs" / name
    folder.mkdir(parents=True, exist_ok=True)
    graph = {"format": "graph-model", "modelTopology": topology, "weightsManifest": manifest}
    text = json.dumps(graph, separators=(",", ":"), sort_keys=True)
    (folder / "model.json").write_text(text.replace("},{", "},\n{") + "\n")
    (folder / "weights.bin").write_bytes(data)


def main() -> None:
    OUT.mkdir(parents=True, exist_ok=True)
    keras.backend.set_image_data_format("channels_first")
    rows = [row(build) for build in NETWORKS]
    text = json.dumps({"keras": VERSION, "rows": rows}, separators=(",", ":"))
    (OUT / f"keras{MAJOR}.json").write_text(text.replace('{"name":', '\n{"name":') + "\n")


if __name__ == "__main__":
    main()
