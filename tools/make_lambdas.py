# coding: utf-8
"""Make testdata/keras_lambdas.json: functions of Lambda layers as each version of Python writes their code.

    for python in python2.7 python3.6 … python3.14; do $python tools/make_lambdas.py; done
    python tools/make_lambdas.py --outputs   # with keras and tensorflow: what the functions make of a picture

Each run adds the code of its own version to the file. Needs no package, but for the outputs.
"""

import base64
import json
import marshal
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
FILE = os.path.join(HERE, "..", "testdata", "keras_lambdas.json")

SOURCES = [
    "lambda x: x",
    "lambda x: x / 255",
    "lambda x: x / 255.",
    "lambda x: x * (1 / 255)",
    "lambda x: x / 127.5 - 1",
    "lambda x: (x - 127.5) / 127.5",
    "lambda x: 1 - x / 255.0",
    "lambda x: -x + 1",
    "lambda x: (x - [123.68, 116.78, 103.94]) / [58.4, 57.1, 57.4]",
    "lambda x: x - tf.constant([123.68, 116.78, 103.94], dtype=tf.float32)",
    "lambda x: x - np.array([103.939, 116.779, 123.68])",
    "lambda image: tf.cast(image, tf.float32) / 255.0",
    "lambda x: K.cast(x, 'float32') * 0.5",
    "lambda x: tf.keras.applications.resnet50.preprocess_input(x)",
    "lambda x: keras.applications.mobilenet_v2.preprocess_input(x)",
    "lambda x: keras.applications.densenet.preprocess_input(x, data_format=None)",
    "lambda x: keras.applications.efficientnet.preprocess_input(x)",
    "lambda x: keras.applications.imagenet_utils.preprocess_input(x, mode='torch')",
    "lambda x: x[..., ::-1]",
    "lambda x: x[:, 1:3, :, :2]",
    "lambda x: x[:, :, ::2]",
    "lambda x: abs(x) ** 0.5",
    "lambda x: K.abs(x)",
    "lambda x: tf.nn.relu(x)",
    "lambda x: tf.nn.leaky_relu(x, alpha=0.1)",
    "lambda x: tf.image.resize(x, (6, 7))",
    "lambda x: tf.image.resize(x, [3, 4], method='nearest')",
    "lambda x: tf.image.resize(x, size=(6, 7), method=tf.image.ResizeMethod.BILINEAR) / 127.5 - 1.0",
    "lambda x: tf.reduce_mean(x, axis=[1, 2])",
    "lambda x: tf.reduce_mean(x, axis=[1, 2], keepdims=True)",
    "lambda x: K.mean(x, axis=(1, 2))",
    "lambda x: tf.expand_dims(tf.reduce_sum(x, -1), axis=-1)",
    "lambda x: tf.squeeze(K.expand_dims(x), axis=[4])",
    "lambda x: tf.nn.l2_normalize(x, axis=-1)",
    "lambda x: K.l2_normalize(x, axis=1)",
    "lambda x: tf.math.l2_normalize(x, 3)",
    "lambda x: x * tf.sigmoid(x)",
    "lambda x: x - tf.reduce_mean(x, axis=(1, 2, 3), keepdims=True)",
    "lambda x: tf.concat([x, -x], axis=-1)",
    "lambda x: K.concatenate([x, x, x])",
    "lambda x: tf.clip_by_value(x * 2.0 + 0.5, 0.0, 1.0)",
    "lambda x: tf.transpose(x, perm=[0, 2, 1, 3])",
    "lambda x: K.permute_dimensions(x, (0, 3, 1, 2))",
    "lambda x: tf.reshape(x, (-1, 60))",
    "lambda x: tf.image.grayscale_to_rgb(x[..., :1])",
    "lambda x: tf.image.rgb_to_grayscale(x)",
    "lambda x: tf.image.flip_left_right(x)",
    "lambda x: tf.pad(x, [[0, 0], [1, 1], [2, 0], [0, 0]])",
    "lambda x: keras.ops.mean(x, axis=(1, 2))",
    "lambda x: keras.ops.image.resize(x, (6, 7), interpolation='nearest')",
    "lambda x: tf.image.convert_image_dtype(x, tf.float32)",
    "lambda x: tf.subtract(tf.divide(x, 127.5), tf.constant(1.0))",
    "lambda x: K.tf.nn.softmax(x)",
    "lambda x: keras.activations.relu(x)",
    "lambda x, scale=3.0: x * scale",
]

PAIRS = {
    "lambda x: x[0] - x[1]": "x[0] - x[1]",
    "lambda pair: K.abs(pair[0] - pair[-1])": "abs(x[0] - x[1])",
    "lambda x: tf.concat(x, axis=-1)": "concat([x[0], x[1]], axis=-1)",
    "lambda x: x[1]": "identity(x[1])",
}

REFUSED = {
    "lambda x: preprocess_input(x)": 'calls "preprocess_input"',
    "lambda x: my_function(x)": 'calls "my_function"',
    "lambda x: tf.image.resize(x, (SIZE, SIZE))": 'uses "SIZE", whose value is not in the file',
    "lambda x: x / MAX": 'uses "MAX", whose value is not in the file',
    "lambda x: x if x is not None else 0": "has branches",
    "lambda x: [y for y in x]": "has branches",
    "lambda x: x.shape": 'asks a tensor for "shape"',
    "lambda x: __import__('os').system('true')": 'calls "__import__"',
    "lambda x: eval('1')": 'calls "eval"',
    "lambda *x: x": "takes any number of arguments",
    "lambda x, *, y=1: x": "takes arguments by name alone",
    "lambda x, y: x * y": 'takes "y", whose value is not in the file',
    "lambda x: 3": "gives no single tensor",
    "lambda x: tf.image.resize(x, (3, 4), preserve_aspect_ratio=True)": "is not followed",
    "lambda x: tf.nn.relu(x, 1, 2)": "arguments that are not known",
    "lambda x: x % 2": "",
    "lambda x: keras.ops.split(x, 2)": 'calls "keras.ops.split"',
    "lambda x: tf.concat([x, [x]], axis=-1)": "arguments that are not known",
    "lambda x: tf.image.convert_image_dtype(x, tf.uint8)": 'scales a picture to numbers of the type "uint8"',
    "lambda x: print(x)": 'calls "print"',
    "lambda x: random.choice([x])": 'calls "random.choice"',
    "lambda: 3": "takes no picture",
}


def dumped(function):
    return base64.b64encode(marshal.dumps(function.__code__)).decode()


def main():
    table = {"codes": {}}
    if os.path.exists(FILE):
        with open(FILE) as file:
            table = json.load(file)
    if "--outputs" in sys.argv:
        table["outputs"] = outputs()
    else:
        version = "%d.%d" % sys.version_info[:2]
        codes = {}
        for source in SOURCES + list(PAIRS) + list(REFUSED):
            try:
                codes[source] = dumped(eval(source))
            except SyntaxError:
                pass  # Python 2 has no arguments by name alone
        codes["closure"] = dumped(eval("lambda factor: lambda x: x * factor")(3.0))
        table["codes"][version] = codes
    table["pairs"] = PAIRS
    table["refused"] = REFUSED
    with open(FILE, "w") as file:
        json.dump(table, file, indent=1, sort_keys=True)
        file.write("\n")


def outputs():
    import keras
    import numpy as np
    import tensorflow as tf

    from keras import ops

    class K:
        """What Keras 2 had in its backend."""

        abs, cast, mean = staticmethod(ops.abs), staticmethod(ops.cast), staticmethod(ops.mean)
        concatenate = staticmethod(lambda xs: ops.concatenate(xs, axis=-1))
        expand_dims = staticmethod(lambda x, axis=-1: ops.expand_dims(x, axis))
        l2_normalize = staticmethod(lambda x, axis: tf.nn.l2_normalize(x, axis))
        permute_dimensions = staticmethod(ops.transpose)

    K.tf = tf
    names = {"K": K, "keras": keras, "np": np.__class__("np"), "tf": tf, "abs": abs}
    names["np"].array = lambda values: np.array(values, "float32")
    picture = (100 * np.sin(0.5 + 12.9898 * np.arange(60)) + 100).reshape(1, 4, 5, 3).astype("float32")
    found = {}
    for source in SOURCES:
        result = np.asarray(eval(source, names)(tf.constant(picture)))
        found[source] = {"shape": list(result.shape), "values": [float("%.7g" % value) for value in result.ravel()]}
    return found


if __name__ == "__main__":
    main()
