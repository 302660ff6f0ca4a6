"""Make small Keras models in every form that Keras writes, with their scores and maps.

    python tools/make_keras_files.py [--out testdata/keras]

Run it once with Keras 3 and once with Keras 2.15 (as TensorFlow brings it). Each network is written as NAME.kN.keras
and NAME.kN.h5 with NAME.kN.json: the input, the scores, and raw maps (no normalisation) of class 1 by the tape.
"""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np
import tensorflow as tf
from keras import __version__ as VERSION

keras = tf.keras
L = keras.layers
MAJOR = int(VERSION.split(".")[0])
HEIGHT, WIDTH = 10, 8


def backbone() -> keras.Model:
    image = L.Input((HEIGHT, WIDTH, 3), name="pixels")
    x = L.Conv2D(4, 3, padding="same", name="conv")(image)
    x = L.BatchNormalization(name="bn")(x)
    x = L.ReLU(name="relu")(x)
    x = L.DepthwiseConv2D(3, padding="same", name="dw")(x)
    return keras.Model(image, x, name="backbone")


def nested() -> keras.Model:
    """A model inside a model, and a layer that is used twice."""
    image = L.Input((HEIGHT, WIDTH, 3), name="image")
    shared = L.Conv2D(4, 3, padding="same", activation="relu", name="shared")
    x = shared(shared(backbone()(image)))
    x = L.SeparableConv2D(5, 3, name="sep")(x)
    x = L.GlobalAveragePooling2D(name="pool")(x)
    return keras.Model(image, L.Dense(6, activation="softmax", name="scores")(x), name="nested")


def sequential() -> keras.Model:
    layers = [
        L.Input((HEIGHT, WIDTH, 3)),
        L.Conv2D(4, 3, activation="relu", name="first"),
        L.Conv2D(5, 3, activation="relu", name="second"),
        L.MaxPooling2D(name="pool"),
        L.Flatten(name="flat"),
        L.Dense(7, activation="tanh", name="hidden"),
        L.Dense(3, activation="softmax", name="scores"),
    ]
    return keras.Sequential(layers, name="sequential")


def teachable() -> keras.Model:
    """A Sequential of Sequentials that holds a frozen network, as Teachable Machine exports it."""
    frozen = backbone()
    frozen.trainable = False
    inner = keras.Sequential([frozen, L.GlobalAveragePooling2D(name="pool")], name="features")
    top = [L.Input((4,)), L.Dense(5, activation="relu", name="hidden"), L.Dense(3, activation="softmax", name="scores")]
    head = keras.Sequential(top, name="head")
    return keras.Sequential([L.Input((HEIGHT, WIDTH, 3)), inner, head], name="teachable")


def layers() -> keras.Model:
    """Layers and activations that TensorFlow.js lacks or computes otherwise."""
    image = L.Input((HEIGHT, WIDTH, 3), name="image")
    x = L.RandomFlip("horizontal", name="flip")(image)
    x = L.Rescaling([0.5, 0.25, 1.5], [0.1, -0.2, 0.3], name="rescale")(x)
    x = L.Normalization(mean=[0.1, 0.2, 0.3], variance=[1.5, 0.5, 0.8], name="normalise")(x)
    x = L.Conv2D(8, 3, padding="same", activation="silu" if MAJOR == 3 else "swish", name="conv_silu")(x)
    x = L.Conv2D(8, 3, padding="same", groups=2, activation="relu", name="grouped")(x)
    x = L.ReLU(max_value=4.0, negative_slope=0.1, threshold=0.2, name="relu_all")(x)
    x = L.GroupNormalization(groups=4, name="group_norm")(x)
    x = L.Conv2D(8, 1, activation="gelu", name="conv_gelu")(x)
    x = L.LayerNormalization(name="layer_norm")(x)
    x = L.LeakyReLU(0.15, name="leaky")(x)
    y = L.GlobalAveragePooling2D(keepdims=True, name="squeeze")(x)
    y = L.Conv2D(8, 1, activation="hard_sigmoid", name="gate")(y)
    x = L.Multiply(name="gated")([x, y])
    x = L.Subtract(name="minus")([x, L.DepthwiseConv2D(3, padding="same", name="dw")(x)])
    x = L.ZeroPadding2D(((1, 0), (0, 2)), name="pad")(x)
    x = L.Cropping2D(((0, 1), (1, 0)), name="crop")(x)
    x = L.Resizing(7, 6, name="resize")(x)
    x = L.UnitNormalization(axis=-1, name="unit")(x)
    x = L.Conv2D(6, 3, activation="softplus", name="last")(x)
    x = L.GlobalMaxPooling2D(name="pool")(x)
    return keras.Model(image, L.Dense(4, activation="softmax", name="scores")(x), name="layers")


def operations() -> keras.Model:
    """Operations that a functional model records as layers."""
    image = L.Input((HEIGHT, WIDTH, 3), name="image")
    x = L.Conv2D(6, 3, padding="same", name="conv")(image / 2.0 - 0.25)
    act = keras.ops if MAJOR == 3 else tf.nn
    gate = act.sigmoid(x) if MAJOR == 3 else tf.sigmoid(x)
    x = x * gate + 0.5
    x = L.Conv2D(5, 3, name="last")(act.relu(x))
    y = keras.ops.mean(x, axis=[1, 2]) if MAJOR == 3 else tf.reduce_mean(x, axis=[1, 2])
    return keras.Model(image, L.Dense(4, activation="softmax", name="scores")(y), name="operations")


NETWORKS: list[tuple[Callable[[], keras.Model], list[str]]] = [
    (nested, ["sep"]),
    (sequential, ["second", "first"]),
    (teachable, []),
    (layers, ["last", "minus", "grouped"]),
    (operations, ["last", "conv"]),
]


def randomise(model: keras.Model) -> None:
    rng = np.random.default_rng(6)
    values = []
    for weight in model.weights:
        noise = rng.standard_normal(tuple(weight.shape)).astype(np.float32) * 0.5
        values.append(np.abs(noise) + 0.5 if "variance" in getattr(weight, "path", weight.name) else noise)
    model.set_weights(values)


def raw_map(model: keras.Model, layer: str, x: np.ndarray) -> dict[str, Any]:
    split = keras.Model(model.inputs, [model.get_layer(layer).output, model.outputs[0]])
    with tf.GradientTape() as tape:
        activation, scores = split(x, training=False)
        score = scores[:, 1]
    weights = tf.reduce_mean(tape.gradient(score, activation), axis=(0, 1, 2))
    raw = tf.linalg.matvec(activation[0], weights).numpy()
    return {"layer": layer, "shape": list(raw.shape), "raw": raw.ravel().tolist()}


def main() -> None:
    parser = argparse.ArgumentParser(description="Make small Keras files.")
    parser.add_argument("--out", type=Path, default=Path(__file__).resolve().parent.parent / "testdata/keras")
    out: Path = parser.parse_args().out
    out.mkdir(parents=True, exist_ok=True)
    x = np.random.default_rng(1).standard_normal((1, HEIGHT, WIDTH, 3)).astype(np.float32)
    for build, map_layers in NETWORKS:
        keras.backend.clear_session()
        model = build()
        randomise(model)
        stem = f"{build.__name__}.k{MAJOR}"
        for ending in ["keras", "h5"]:
            model.save(out / f"{stem}.{ending}")
        golden = {
            "keras": VERSION,
            "input": {"shape": list(x.shape), "values": x.ravel().tolist()},
            "scores": np.asarray(model(x, training=False))[0].tolist(),
            "maps": [raw_map(model, layer, x) for layer in map_layers],
        }
        (out / f"{stem}.json").write_text(json.dumps(golden) + "\n")
        print(stem, np.round(golden["scores"], 4))


if __name__ == "__main__":
    main()
