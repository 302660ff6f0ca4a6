"""Networks with the layers and settings of layers that classifiers use."""

from __future__ import annotations

from typing import Any

from zoo_chain import Chain, Network


def preprocessing(c: Chain) -> Any:
    layers = c.keras.layers
    image = c.small()
    x = layers.RandomFlip("horizontal", name="flip")(image)
    x = layers.RandomRotation(0.1, name="rotate")(x)
    x = layers.RandomZoom(0.2, name="zoom")(x)
    x = layers.RandomTranslation(0.1, 0.1, name="translate")(x)
    x = layers.RandomContrast(0.2, name="contrast")(x)
    x = layers.Rescaling([0.5, 0.25, 1.5], [0.1, -0.2, 0.3], name="rescale")(x)
    x = layers.Normalization(name="adapted")(x)
    x = layers.Normalization(mean=[0.1, 0.2, 0.3], variance=[1.5, 0.5, 0.8], name="given")(x)
    x = layers.Rescaling(1.25, name="stretch")(x)
    x = c.conv("stem", x, 5, activation="relu", strides=2)
    x = c.conv("last", x, 6, activation="relu")
    return c.model("preprocessing", image, c.classes(c.pooled(x), 4))


def group_unit_norm(c: Chain) -> Any:
    image = c.small()
    x = c.layer("GroupNormalization", "groups", c.conv("stem", image, 8, strides=2), 4)
    x = c.layer("UnitNormalization", "pixels", c.activation("groups_relu", x))
    x = c.layer("GroupNormalization", "instances", c.conv("last", x, 6), -1, epsilon=1e-5, scale=False)
    x = c.layer("UnitNormalization", "planes", x, axis=[1, 2])
    return c.model("group_unit_norm", image, c.classes(c.pooled(c.activation("last_relu", x)), 4))


def layer_norm(c: Chain) -> Any:
    image = c.small()
    x = c.layer("LayerNormalization", "stem_norm", c.conv("stem", image, 6, 2, strides=2), epsilon=1e-6)
    # As in ConvNeXt: dense layers that go over every pixel.
    y = c.layer("LayerNormalization", "block_norm", c.depthwise("block_depthwise", x, 5), epsilon=1e-6)
    y = c.layer("Dense", "block_expand", y, 12, activation="gelu")
    x = c.layer("Add", "block_add", [x, c.layer("Dense", "block_project", y, 6)])
    x = c.layer("LayerNormalization", "whole_norm", x, axis=[1, 2, 3])
    x = c.conv("last", c.activation("whole_relu", x), 5)
    x = c.layer("LayerNormalization", "plane_norm", x, axis=[1, 2], scale=False)
    x = c.activation("plane_relu", x)
    return c.model("layer_norm", image, c.classes(c.pooled(x), 4))


def depthwise_variants(c: Chain) -> Any:
    image = c.small(height=16, width=20)
    x = c.depthwise("multiplied", image, 3, strides=2, depth_multiplier=2, activation="relu")
    x = c.depthwise("dilated", x, (2, 3), dilation_rate=2, use_bias=False)
    x = c.layer("SeparableConv2D", "separable", x, 6, 3, padding="same", depth_multiplier=2, strides=2)
    options = {"dilation_rate": 2, "use_bias": False, "activation": "relu"}
    x = c.layer("SeparableConv2D", "separable_dilated", x, 5, (2, 1), **options)
    x = c.depthwise("last", x, (1, 3), depth_multiplier=2, padding="valid", activation="relu")
    return c.model("depthwise_variants", image, c.classes(c.pooled(x), 4))


def transpose_variants(c: Chain) -> Any:
    image = c.small(height=9, width=13)
    x = c.conv("down", image, 6, strides=2, activation="relu")
    x = c.layer("Conv2DTranspose", "padded", x, 5, 3, strides=2, padding="same", output_padding=1, activation="relu")
    x = c.conv("again", x, 6, strides=2, activation="relu")
    x = c.layer("Conv2DTranspose", "valid", x, 5, 3, strides=2, padding="valid", output_padding=(1, 0))
    x = c.layer("Conv2DTranspose", "uneven", x, 4, (2, 3), strides=(1, 2), padding="same", use_bias=False)
    x = c.layer("Conv2DTranspose", "sparse", c.conv("third", x, 4, strides=3, activation="relu"), 4, 1, strides=2)
    x = c.conv("last", x, 4, activation="relu")
    return c.model("transpose_variants", image, c.classes(c.pooled(x), 4))


def grouped(c: Chain) -> Any:
    image = c.small(4, 15, 19)
    x = c.layer("CenterCrop", "center", image, 12, 16)
    x = c.conv("halves", x, 8, groups=2, activation="relu")
    x = c.conv("quarters", x, 8, strides=2, groups=4, use_bias=False)
    x = c.conv("dilated", c.activation("quarters_relu", x), 8, dilation_rate=2, groups=2, activation="gelu")
    x = c.conv("each", x, 8, groups=8, padding="valid", activation="relu")
    return c.model("grouped", image, c.classes(c.pooled(x), 4))


def padding_cropping(c: Chain) -> Any:
    image = c.small(height=13, width=17)
    x = c.layer("ZeroPadding2D", "pad_uneven", image, ((1, 2), (0, 3)))
    x = c.conv("stem", x, 5, padding="valid", activation="relu")
    x = c.layer("Cropping2D", "crop_uneven", x, ((0, 1), (2, 0)))
    x = c.layer("MaxPooling2D", "max_same", x, 3, strides=2, padding="same")
    x = c.layer("ZeroPadding2D", "pad_two", x, (1, 2))
    x = c.layer("AveragePooling2D", "average_same", c.conv("second", x, 5), (2, 3), strides=2, padding="same")
    x = c.layer("AveragePooling2D", "average_still", x, (2, 3), strides=1, padding="same")
    x = c.layer("Cropping2D", "crop_one", c.layer("ZeroPadding2D", "pad_one", x, 2), 1)
    x = c.layer("MaxPooling2D", "max_valid", c.conv("last", x, 5), 3, strides=2)
    return c.model("padding_cropping", image, c.classes(c.layer("Flatten", "flatten", x), 4))


def resizing(c: Chain) -> Any:
    image = c.small()
    x = c.layer("Resizing", "resize", image, 15, 11)
    x = c.conv("stem", x, 5, strides=2, activation="relu")
    x = c.layer("Resizing", "nearest", x, 11, 9, interpolation="nearest")
    x = c.layer("UpSampling2D", "double", c.conv("second", x, 5, activation="relu"), (2, 1))
    x = c.layer("Resizing", "shrink", x, 9, 7)
    x = c.layer("UpSampling2D", "smooth", x, (1, 2), interpolation="bilinear")
    x = c.conv("last", x, 5, strides=2, activation="relu")
    return c.model("resizing", image, c.classes(c.pooled(x), 4))


def attention_gate(c: Chain) -> Any:
    """A gate for channels, from averages and maxima by one pair of layers, then one for places."""
    layers = c.keras.layers
    image = c.small()
    x = c.conv("stem", image, 6, strides=2, activation="relu")
    reduce = layers.Conv2D(3, 1, activation="relu", name="reduce")
    expand = layers.Conv2D(6, 1, name="expand")
    average = c.layer("GlobalAveragePooling2D", "average", x, keepdims=True)
    peak = c.layer("GlobalMaxPooling2D", "peak", x, keepdims=True)
    gate = c.layer("Add", "channel_sum", [expand(reduce(average)), expand(reduce(peak))])
    x = c.layer("Multiply", "channel_gated", [x, c.activation("channel_gate", gate, "sigmoid")])
    mean = c.operation("mean", x, axis=-1, keepdims=True)
    most = c.operation("max", x, axis=-1, keepdims=True)
    gate = c.conv("place_gate", c.layer("Concatenate", "places", [mean, most]), 1, 5, activation="sigmoid")
    x = c.layer("Multiply", "place_gated", [x, gate])
    x = c.conv("last", x, 5, activation="relu")
    pooled = c.layer("GlobalAveragePooling2D", "pool", x, keepdims=True)
    return c.model("attention_gate", image, c.classes(c.layer("Flatten", "flatten", pooled), 4))


def regularised(c: Chain) -> Any:
    """What acts in training alone; the file holds an optimiser too."""
    keras = c.keras
    image = c.small()
    x = c.layer("GaussianNoise", "noise", image, 0.1)
    kernel = {
        "kernel_regularizer": keras.regularizers.L1L2(1e-4, 1e-3),
        "kernel_constraint": keras.constraints.MaxNorm(3),
        "kernel_initializer": keras.initializers.VarianceScaling(2.0, mode="fan_out"),
    }
    x = c.conv("stem", x, 6, strides=2, activation="relu", **kernel)
    x = c.layer("SpatialDropout2D", "spatial", x, 0.3)
    x = c.layer("ActivityRegularization", "activity", c.conv("second", x, 5, activation="selu"), l1=1e-3)
    x = c.layer("AlphaDropout", "alpha", x, 0.2)
    x = c.layer("GaussianDropout", "gaussian", x, 0.2)
    x = c.conv("last", x, 5, activation="relu")
    vector = c.layer("Dropout", "dropout", c.pooled(x), 0.5)
    model = c.model("regularised", image, c.classes(vector, 4))
    model.compile(optimizer="adam", loss="categorical_crossentropy", metrics=["accuracy"])
    return model


def reshape_ends(c: Chain) -> Any:
    image = c.small()
    x = c.conv("stem", image, 5, strides=2, activation="relu")
    x = c.layer("Permute", "turned", x, (2, 1, 3))
    x = c.conv("last", x, 4, strides=(2, 1), activation="relu")
    x = c.layer("Permute", "planes", c.layer("Reshape", "pixels", x, (-1, 4)), (2, 1))
    x = c.layer("Flatten", "flatten", x)
    x = c.layer("Reshape", "row", c.classes(x, 8, None, "scores"), (2, 4))
    x = c.layer("GlobalAveragePooling1D", "halves", x)
    return c.model("reshape_ends", image, c.layer("Softmax", "predictions", x))


def tokens(c: Chain) -> Any:
    """What has four axes inside a layer that gives three or two is no picture."""
    layers = c.keras.layers
    image = c.small()
    x = c.conv("stem", image, 4, strides=2, activation="relu")
    x = c.conv("last", x, 4, activation="tanh")
    y = c.layer("Reshape", "rows", x, (6, 32))
    y = layers.TimeDistributed(layers.Dense(4, activation="relu"), name="each_row")(y)
    attended = layers.MultiHeadAttention(2, 2, name="attention")(y, y)
    y = c.layer("LayerNormalization", "row_norm", c.layer("Add", "joined", [y, attended]))
    y = c.layer("GlobalAveragePooling1D", "mean_row", y)
    y = c.layer("LayerNormalization", "vector_norm", c.layer("Concatenate", "vector", [y, c.pooled(x)]))
    return c.model("tokens", image, c.classes(y, 4))


NO_ERFC = "tf2onnx 1.17 has no Erfc, which Keras 3 makes GELU of"

LAYERS = [
    Network(
        preprocessing,
        ("stem",),
        archive2=True,
        absent={"tf2onnx": "tf2onnx 1.17 makes the states of random layers inputs"},
    ),
    Network(group_unit_norm, ("stem", "groups", "pixels", "instances", "planes")),
    Network(
        layer_norm,
        ("stem_norm", "block_norm", "block_add", "whole_norm", "plane_norm"),
        seed=5,
        absent={"tf2onnx": NO_ERFC},
    ),
    Network(depthwise_variants, ("multiplied", "dilated", "separable", "separable_dilated")),
    Network(
        transpose_variants,
        ("down", "padded", "valid", "uneven", "sparse"),
        absent={"tf2onnx": "tf2onnx 1.17 gives its transposed convolutions shapes that do not fit"},
    ),
    Network(
        grouped,
        ("halves", "quarters", "dilated"),
        absent={
            "graph": "tensorflowjs 4.22 converts neither grouped convolutions nor CenterCrop",
            "tf2onnx": "tf2onnx 1.17 has no calls of functions, which Keras 3 makes grouped convolutions of",
        },
    ),
    Network(padding_cropping, ("stem", "max_same", "second", "average_same")),
    Network(resizing, ("stem", "nearest", "double", "shrink", "smooth")),
    Network(attention_gate, ("stem", "channel_gated", "place_gated")),
    Network(regularised, ("stem", "second")),
    Network(reshape_ends, ("stem", "turned")),
    Network(tokens, ("stem",)),
]
