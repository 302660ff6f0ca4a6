"""Make testdata/keras_quantised: a network whose weights Keras 3 has quantised, and what it computes with them.

    python tools/make_keras_quantised.py

Needs keras 3.15.1 and tensorflow-cpu. Only the weights are quantised, so that the outputs can be held to; `dynamic` is
the output where Keras rounds what goes into each layer too, as `model.quantize("int8")` has it.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"

import keras
import numpy as np
from keras import layers as L

HERE = Path(__file__).resolve().parent.parent / "testdata" / "keras_quantised"
SHAPE = (4, 5, 3)
WAYS = {
    "int8": ("int8", keras.quantizers.Int8QuantizationConfig(activation_quantizer=None)),
    "int4": ("int4", keras.quantizers.Int4QuantizationConfig(block_size=4)),
}


def build(nested: bool) -> keras.Model:
    """All layers that Keras quantises in a classifier of pictures; one equation turns the axes of its output."""
    keras.utils.set_random_seed(1)
    x = image = L.Input(SHAPE, name="image")
    x = L.Conv2D(6, 3, padding="same", activation="relu", name="conv")(x)
    x = L.EinsumDense("abcd,de->abce", (None, None, 7), bias_axes="e", activation="relu", name="ein")(x)
    x = L.Reshape((20, 7))(x)
    x = L.MultiHeadAttention(2, 3, name="mha")(x, x)
    x = L.EinsumDense("abc,cde->abed", (None, 2, 5), bias_axes="d", name="turned")(x)
    x = L.Reshape((4, 5, 10), name="back")(x)
    x = L.GlobalAveragePooling2D()(x)
    x = L.Dense(5, activation="relu", use_bias=False, name="hidden")(x)
    x = L.Dense(3, activation="softmax", name="scores")(x)
    model = keras.Model(image, x, name="inner")
    random = np.random.RandomState(3)
    for weight in model.weights:
        if "bias" in weight.path:
            weight.assign(random.normal(size=weight.shape) * 0.3)
    if not nested:
        return model
    outer = L.Input(SHAPE, name="outer")
    return keras.Model(outer, model(outer), name="around")


def main() -> None:
    HERE.mkdir(parents=True, exist_ok=True)
    image = np.sin(0.5 + 12.9898 * np.arange(60)).reshape(1, *SHAPE).astype("float32")
    rows = {}
    for name, (mode, config) in WAYS.items():
        for file, nested in ((f"{name}.keras", False), (f"{name}_nested.h5", True)):
            model = build(nested)
            model.quantize(mode, config=config)
            model.save(HERE / file)
            rows[file] = {"output": model.predict(image, verbose=0)[0].tolist()}
    dynamic = build(False)
    dynamic.quantize("int8")
    rows["int8.keras"]["dynamic"] = dynamic.predict(image, verbose=0)[0].tolist()
    text = json.dumps({"keras": keras.__version__, "rows": rows}, indent=1)
    (HERE / "index.json").write_text(text + "\n")


if __name__ == "__main__":
    main()
