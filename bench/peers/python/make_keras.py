"""Make the networks for Keras: make_keras.py FOLDER NAME ....

EfficientNet-Lite0 has the weights that are shipped; the others are those of keras.applications with random weights,
the same every time, since theirs cannot be had without a download. Writes NAME.keras, and the random weights by layer
as NAME.npz for those that build the same network elsewhere.
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "tools"))

import keras
import numpy as np
from keras_model import keras_model
from make_keras_applications import GAINS, calm, randomise

SEED = 5


def random_network(name: str) -> keras.Model:
    model = getattr(keras.applications, name)(weights=None, input_shape=(224, 224, 3), classes=1000)
    randomise(model, SEED, GAINS[0])
    calm(model, np.random.default_rng(1).uniform(-1, 1, (1, 224, 224, 3)).astype(np.float32))
    return model


def main() -> None:
    folder = Path(sys.argv[1])
    for name in sys.argv[2:]:
        keras.backend.clear_session()
        if name == "EfficientNet-Lite0":
            model = keras_model(ROOT / "models/efficientnet_lite0")
        else:
            model = random_network(name)
        weights = {f"{layer.name}:{i}": w for layer in model.layers for i, w in enumerate(layer.get_weights())}
        np.savez(folder / f"{name}.npz", **weights)
        model.save(folder / f"{name}.keras")
        print(name, flush=True)


if __name__ == "__main__":
    main()
