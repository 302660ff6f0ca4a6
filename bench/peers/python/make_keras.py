"""Make the networks for Keras: make_keras.py FOLDER NAME ....

EfficientNet-Lite0 has the weights that are shipped; the others are those of keras.applications with random weights,
the same every time, since theirs cannot be had without a download. Writes NAME.keras, and the random weights by layer
as NAME.npz for those that build the same network elsewhere.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from keras_networks import keras, make_each
from make_keras_applications import GAINS, calm, randomise

SEED = 5


def weigh(model: keras.Model, _path: Path) -> None:
    randomise(model, SEED, GAINS[0])
    calm(model, np.random.default_rng(1).uniform(-1, 1, (1, 224, 224, 3)).astype(np.float32))


def write(model: keras.Model, path: Path) -> None:
    weights = {f"{layer.name}:{i}": w for layer in model.layers for i, w in enumerate(layer.get_weights())}
    np.savez(f"{path}.npz", **weights)
    model.save(f"{path}.keras")


if __name__ == "__main__":
    make_each(weigh, write)
