"""Make TensorFlow.js graph models of the same networks with Keras 2: make_graph.py FOLDER NAME ....

Reads NAME.npz, which make_keras.py wrote; writes the folder NAME.graph.
"""

from __future__ import annotations

import os
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np
from keras_networks import keras, make_each
from zoo_tfjs import write_graph


def weigh(model: keras.Model, path: Path) -> None:
    weights = dict(np.load(f"{path}.npz"))
    for layer in model.layers:
        layer.set_weights([weights[f"{layer.name}:{i}"] for i in range(len(layer.weights))])


def write(model: keras.Model, path: Path) -> None:
    write_graph(model, Path(f"{path}.graph"))


if __name__ == "__main__":
    make_each(weigh, write)
