"""The networks as Keras models, whichever version of Keras runs."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "tools"))

from keras_model import keras_model
from tensorflow import keras


def make_each(
    weigh: Callable[[keras.Model, Path], None],
    write: Callable[[keras.Model, Path], None],
) -> None:
    """Build the networks named on the command line, FOLDER NAME ..., and write each.

    EfficientNet-Lite0 has the weights that are shipped; `weigh` gives the others theirs. Both are told the path of the
    network's files, without an ending.
    """
    folder = Path(sys.argv[1])
    for name in sys.argv[2:]:
        keras.backend.clear_session()
        if name == "EfficientNet-Lite0":
            model = keras_model(ROOT / "models/efficientnet_lite0")
        else:
            build = getattr(keras.applications, name)
            model = build(weights=None, input_shape=(224, 224, 3), classes=1000)
            weigh(model, folder / name)
        write(model, folder / name)
        print(name, flush=True)
