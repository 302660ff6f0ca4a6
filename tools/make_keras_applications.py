"""Make the classifiers of keras.applications with random weights, to check that they open and give Keras's scores.

    python tools/make_keras_applications.py FOLDER [NAME …]

Run it once with Keras 3 (writes NAME.k3.keras and NAME.k3.h5) and once with Keras 2.15 (NAME.k2.h5). Beside each lie
an input, NAME.input.f32, and Keras's scores for it, NAME.kN.scores.f32. The files are large and stay outside the
checkout; `tools/check_keras_applications.ts FOLDER` opens them and prints a table.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np
import tensorflow as tf
from keras import __version__ as VERSION

keras = tf.keras
MAJOR = VERSION.split(".")[0]
SIZES = {
    "InceptionV3": (96, 75), "InceptionResNetV2": (96, 75), "Xception": (96, 71),
    "NASNetMobile": (64, 32), "NASNetLarge": (64, 32),
}  # fmt: skip
NAMES = [
    "VGG16", "VGG19", "ResNet50", "ResNet101", "ResNet152", "ResNet50V2", "ResNet101V2", "ResNet152V2",
    "InceptionV3", "InceptionResNetV2", "Xception", "MobileNet", "MobileNetV2", "MobileNetV3Small",
    "MobileNetV3Large", "DenseNet121", "DenseNet169", "DenseNet201", "NASNetMobile", "NASNetLarge",
    "EfficientNetB0", "EfficientNetB1", "EfficientNetB2", "EfficientNetB3", "EfficientNetB4", "EfficientNetB5",
    "EfficientNetB6", "EfficientNetB7", "EfficientNetV2B0", "EfficientNetV2B1", "EfficientNetV2B2",
    "EfficientNetV2B3", "EfficientNetV2S", "EfficientNetV2M", "EfficientNetV2L", "ConvNeXtTiny", "ConvNeXtSmall",
    "ConvNeXtBase", "ConvNeXtLarge", "ConvNeXtXLarge",
]  # fmt: skip


def scores(model: keras.Model, x: np.ndarray) -> np.ndarray:
    return np.asarray(model(x, training=False), np.float32)


GAINS = (1.6, 1.2, 0.9, 0.6)
STEADINESS = 5e-6


def randomise(model: keras.Model, seed: int, gain: float) -> None:
    """Give every weight a number that keeps the scores apart: means near 0, variances and gains near 1."""
    rng = np.random.default_rng(seed)
    values = []
    for weight in model.weights:
        name = getattr(weight, "path", weight.name)
        noise = rng.standard_normal(tuple(weight.shape)).astype(np.float32)
        if "variance" in name:
            values.append(1 + 0.1 * np.abs(noise))
        elif "gamma" in name:
            values.append(1 + 0.1 * noise)
        elif noise.ndim >= 2:
            fan_in = int(np.prod(noise.shape[:-1]))
            values.append(noise * np.sqrt(gain / max(fan_in if "depthwise" not in name else noise.shape[0] ** 2, 1)))
        else:
            values.append(0.1 * noise)
    model.set_weights([np.asarray(value, np.float32).reshape(w.shape) for value, w in zip(values, model.weights)])


def calm(model: keras.Model, x: np.ndarray) -> None:
    """Scale the last dense layer so that its logits lie within 3 of 0: scores near 0 and 1 would compare nothing."""
    last = model.layers[-1]
    if not isinstance(last, keras.layers.Dense):
        return
    features = scores(keras.Model(model.inputs, last.input), x)
    kernel, bias = last.get_weights()
    last.set_weights([kernel * (3 / np.abs(features @ kernel).max()), bias])


def is_steady(model: keras.Model, x: np.ndarray) -> bool:
    """Whether the scores stay when every pixel is moved by about one rounding: else they would compare nothing."""
    signs = np.random.default_rng(2).choice([-1, 1], x.shape)
    moved = (x * (1 + 1.2e-7 * signs)).astype(np.float32)
    return bool(np.abs(scores(model, moved) - scores(model, x)).max() <= STEADINESS)


def make(folder: Path, name: str) -> None:
    keras.backend.clear_session()
    height, width = SIZES.get(name, (64, 48))
    build = getattr(keras.applications, name)
    model = build(weights=None, input_shape=(height, width, 3), classes=10)
    x = np.random.default_rng(1).uniform(0, 255, (1, height, width, 3)).astype(np.float32)
    for gain in GAINS:
        randomise(model, 5, gain)
        calm(model, x)
        if is_steady(model, x):
            break
    else:
        raise ValueError(f"{name} hangs on how sums are rounded with any of the gains {GAINS}")
    (folder / f"{name}.input.f32").write_bytes(x.tobytes())
    (folder / f"{name}.k{MAJOR}.scores.f32").write_bytes(scores(model, x).tobytes())
    for ending in ["keras", "h5"] if MAJOR == "3" else ["h5"]:
        model.save(folder / f"{name}.k{MAJOR}.{ending}")
    print(name, scores(model, x)[0].round(4)[:4], flush=True)


if __name__ == "__main__":
    target = Path(sys.argv[1])
    target.mkdir(parents=True, exist_ok=True)
    for each in sys.argv[2:] or NAMES:
        make(target, each)
