"""Make TensorFlow.js graph models of the same networks with Keras 2: make_graph.py FOLDER NAME ....

Reads NAME.npz, which make_keras.py wrote; writes the folder NAME.graph.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "tools"))

import numpy as np
from tensorflow import keras
from keras_model import keras_model
from zoo_tfjs import write_graph


def with_weights(name: str, weights: dict[str, np.ndarray]) -> keras.Model:
    model = getattr(keras.applications, name)(weights=None, input_shape=(224, 224, 3), classes=1000)
    for layer in model.layers:
        layer.set_weights([weights[f"{layer.name}:{i}"] for i in range(len(layer.weights))])
    return model


def main() -> None:
    folder = Path(sys.argv[1])
    for name in sys.argv[2:]:
        keras.backend.clear_session()
        if name == "EfficientNet-Lite0":
            model = keras_model(ROOT / "models/efficientnet_lite0")
        else:
            model = with_weights(name, dict(np.load(folder / f"{name}.npz")))
        write_graph(model, folder / f"{name}.graph")
        print(name, flush=True)


if __name__ == "__main__":
    main()
