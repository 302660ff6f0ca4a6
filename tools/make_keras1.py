"""Make testdata/keras1: small networks as Keras 1 saves them, whole and in two files, and what they compute.

    KERAS_BACKEND=tensorflow python tools/make_keras1.py

It takes Python 3.6 with keras==1.2.2, tensorflow==1.4.1, numpy<1.17, h5py<3 and protobuf<3.18, in an environment outside
the checkout. Of each network it writes NAME.h5, the whole model, for some also its two halves, NAME.json and
NAME_weights.h5, and a row of index.json with the inputs' shapes and the output; inputs are made by a formula that the test
has too. Height and width differ.
"""

import argparse
import json
from pathlib import Path

import numpy as np
from keras import __version__ as VERSION
from keras import backend as K
from keras.layers import (
    ELU,
    GRU,
    LSTM,
    Activation,
    AtrousConvolution1D,
    AtrousConvolution2D,
    AveragePooling1D,
    AveragePooling2D,
    BatchNormalization,
    Bidirectional,
    Convolution1D,
    Convolution2D,
    Cropping2D,
    Deconvolution2D,
    Dense,
    Dropout,
    Embedding,
    Flatten,
    GaussianDropout,
    GaussianNoise,
    GlobalAveragePooling2D,
    GlobalMaxPooling1D,
    GlobalMaxPooling2D,
    Input,
    LeakyReLU,
    MaxPooling1D,
    MaxPooling2D,
    Merge,
    Permute,
    PReLU,
    RepeatVector,
    Reshape,
    SeparableConvolution2D,
    SimpleRNN,
    SpatialDropout2D,
    ThresholdedReLU,
    TimeDistributed,
    UpSampling1D,
    UpSampling2D,
    ZeroPadding1D,
    ZeroPadding2D,
    merge,
)
from keras.models import Model, Sequential
from keras.regularizers import l2

PHOTO = (11, 14, 3)


def sequential():
    return Sequential([
        ZeroPadding2D((1, 2), input_shape=PHOTO),
        Convolution2D(6, 3, 2, subsample=(2, 1), activation="relu", W_regularizer=l2(0.01)),
        BatchNormalization(),
        Convolution2D(5, 3, 3, border_mode="same", bias=False),
        LeakyReLU(0.2),
        MaxPooling2D((2, 2), border_mode="same"),
        SpatialDropout2D(0.3),
        Dropout(0.5),
        Flatten(),
        Dense(7, activation="tanh", init="he_normal"),
        GaussianDropout(0.1),
        Dense(4),
        Activation("softmax"),
    ])


def functional():
    x = Input(PHOTO, name="photo")
    a = Convolution2D(4, 3, 3, border_mode="same", name="stem")(x)
    a = BatchNormalization(epsilon=1e-5)(a)
    a = ELU(1.0)(a)
    b = AtrousConvolution2D(4, 3, 3, atrous_rate=(2, 2), border_mode="same")(a)
    b = ThresholdedReLU(0.1)(b)
    c = SeparableConvolution2D(4, 3, 3, depth_multiplier=2, border_mode="same", activation="relu")(a)
    d = merge([b, c], mode="sum")
    e = merge([d, a], mode="concat", concat_axis=3)
    f = merge([b, c], mode="mul")
    g = merge([a, f, d], mode="ave")
    h = merge([g, d], mode="max")
    e = merge([e, h], mode="concat")
    e = AveragePooling2D((2, 2), strides=(2, 2), border_mode="valid")(e)
    e = UpSampling2D((2, 1))(e)
    e = Deconvolution2D(5, 3, 3, output_shape=(None, 12, 9, 5), border_mode="valid")(e)
    e = PReLU()(e)
    e = Cropping2D(((1, 0), (0, 2)))(e)
    e = GaussianNoise(0.1)(e)
    p = merge([GlobalAveragePooling2D()(e), GlobalMaxPooling2D()(e)], mode="concat")
    return Model(x, Dense(3, activation="softmax", name="classes")(p))


def sequences():
    x = Input(PHOTO)
    a = Convolution2D(4, 2, 2, activation="hard_sigmoid")(x)
    a = Permute((2, 1, 3))(a)
    a = Reshape((26, 20))(a)
    a = ZeroPadding1D(2)(a)
    a = Convolution1D(6, 3, subsample_length=2, activation="relu")(a)
    a = AtrousConvolution1D(5, 2, atrous_rate=2)(a)
    a = MaxPooling1D(2)(a)
    a = UpSampling1D(3)(a)
    a = AveragePooling1D(2, stride=2, border_mode="same")(a)
    a = TimeDistributed(Dense(4, activation="tanh"))(a)
    a = Bidirectional(LSTM(3, return_sequences=True), merge_mode="concat")(a)
    a = Bidirectional(SimpleRNN(3, return_sequences=True), merge_mode="sum")(a)
    b = GlobalMaxPooling1D()(a)
    a = LSTM(4, consume_less="gpu", return_sequences=True)(a)
    a = GRU(5)(a)
    a = RepeatVector(2)(a)
    a = GRU(3, consume_less="gpu", go_backwards=True)(a)
    i = Input((2,), name="words")
    w = Flatten()(Embedding(5, 3)(i))
    return Model([x, i], Dense(3, activation="softmax")(merge([a, b, w], mode="concat")))


def branches():
    left = Sequential([
        Convolution2D(4, 3, 3, border_mode="same", input_shape=PHOTO, activation="relu"),
        Convolution2D(3, 1, 1),
    ])
    right = Sequential([Convolution2D(2, 5, 3, border_mode="same", input_shape=PHOTO)])
    model = Sequential()
    model.add(Merge([left, right], mode="concat", concat_axis=-1))
    model.add(Convolution2D(4, 3, 3, activation="relu"))
    model.add(GlobalAveragePooling2D())
    model.add(Dense(3, activation="softmax"))
    return model


def nested():
    base = Sequential([
        Convolution2D(4, 3, 3, input_shape=PHOTO),
        BatchNormalization(),
        Activation("relu"),
        Convolution2D(5, 2, 2),
        BatchNormalization(),
    ])
    head = Sequential([GlobalAveragePooling2D(input_shape=base.output_shape[1:]), Dense(3, activation="softmax")])
    return Sequential([base, Activation("relu", name="out_relu"), head])


def nested_functional():
    a = Input(PHOTO)
    base = Model(a, BatchNormalization()(Convolution2D(4, 3, 3, activation="relu")(a)), name="base")
    x = Input(PHOTO)
    y = merge([base(x), base(x)], mode="sum")
    return Model(x, Dense(3, activation="softmax")(Flatten()(y)))


def channels_first():
    """As many networks of the time are written, with weights in Theano's layout."""
    return Sequential([
        ZeroPadding2D((1, 2), input_shape=(3, 11, 14), dim_ordering="th"),
        Convolution2D(4, 3, 3, activation="relu", dim_ordering="th"),
        MaxPooling2D((2, 2), strides=(2, 2), dim_ordering="th"),
        BatchNormalization(axis=1),
        Convolution2D(5, 2, 3, dim_ordering="th", border_mode="same"),
        LeakyReLU(0.1),
        Flatten(),
        Dense(3, activation="softmax"),
    ])


def channels_first_functional():
    x = Input((3, 11, 14))
    a = Convolution2D(4, 3, 3, border_mode="same", dim_ordering="th")(x)
    b = AtrousConvolution2D(4, 3, 3, atrous_rate=(2, 2), border_mode="same", dim_ordering="th")(a)
    c = merge([a, b], mode="concat", concat_axis=1)
    c = PReLU()(AveragePooling2D((2, 2), dim_ordering="th")(c))
    c = UpSampling2D((2, 2), dim_ordering="th")(c)
    c = BatchNormalization(axis=1)(c)
    p = GlobalAveragePooling2D(dim_ordering="th")(c)
    q = Flatten()(Convolution2D(2, 3, 2, dim_ordering="th")(c))
    return Model(x, Dense(3, activation="softmax")(merge([p, q], mode="concat")))


NETWORKS = [
    sequential,
    functional,
    sequences,
    branches,
    nested,
    nested_functional,
    channels_first,
    channels_first_functional,
]

HALVES = [branches, nested]


def numbers(shape, seed):
    """Numbers between -1 and 1 that look random; the test has the same formula."""
    return np.sin(seed + 12.9898 * np.arange(np.prod(shape), dtype="float64")).reshape(shape).astype("float32")


def fill(model):
    for index, weight in enumerate(model.weights):
        value = numbers(K.get_value(weight).shape, index + 1)
        name = weight.name
        if "running_std" in name:
            value = np.abs(value) + 0.5
        elif value.ndim > 1:
            value = value / np.sqrt(np.prod(value.shape[:-1]) / 3)
        K.set_value(weight, value)


def input_for(tensor, index):
    shape = (1,) + tuple(K.int_shape(tensor)[1:])
    if len(shape) == 2:
        return np.arange(shape[1], dtype="float32").reshape(shape) + 1  # words
    return numbers(shape, 0.5 + index)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", type=Path, default=Path(__file__).parent.parent / "testdata" / "keras1")
    out = parser.parse_args().out
    out.mkdir(parents=True, exist_ok=True)
    rows = []
    for build in NETWORKS:
        K.clear_session()
        name = build.__name__
        model = build()
        fill(model)
        model.save(str(out / (name + ".h5")))
        if build in HALVES:
            (out / (name + ".json")).write_text(model.to_json())
            model.save_weights(str(out / (name + "_weights.h5")))
        inputs = [input_for(tensor, index) for index, tensor in enumerate(model.inputs)]
        scores = model.predict(inputs)
        rows.append({
            "name": name,
            "inputs": [list(x.shape[1:]) for x in inputs],
            "output": [float(value) for value in scores.ravel()],
        })
        print(name, scores.ravel())
    table = {"keras": VERSION, "backend": K.backend(), "rows": rows}
    (out / ("index.json")).write_text(json.dumps(table, indent=1) + "\n")


main()
