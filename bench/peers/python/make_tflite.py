"""Convert the networks for LiteRT, which takes one picture at a time: make_tflite.py FOLDER NAME ....

Reads NAME.keras, which make_keras.py wrote; writes NAME.tflite in float32.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import tensorflow as tf
from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2


def main() -> None:
    folder = Path(sys.argv[1])
    for name in sys.argv[2:]:
        model = keras.models.load_model(folder / f"{name}.keras", compile=False)
        picture = tf.TensorSpec([1, *model.inputs[0].shape[1:]], tf.float32)
        function = tf.function(lambda x: model(x, training=False)).get_concrete_function(picture)
        # The converter does not find Keras 3's variables, and would leave them empty without a word.
        frozen = convert_variables_to_constants_v2(function)
        converter = tf.lite.TFLiteConverter.from_concrete_functions([frozen])
        (folder / f"{name}.tflite").write_bytes(converter.convert())
        print(name, flush=True)


if __name__ == "__main__":
    main()
