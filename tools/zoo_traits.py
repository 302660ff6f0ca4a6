"""Networks with other inputs and outputs, nestings, sizes and precision than a plain classifier's."""

from __future__ import annotations

from typing import Any

from zoo_chain import Chain, Network


def backbone(c: Chain, name: str = "backbone") -> Any:
    """A small convolutional network, as people take one that was trained before."""
    pixels = c.small(name="pixels")
    x = c.norm("bn", c.conv("conv", pixels, 4, strides=2, use_bias=False))
    x = c.depthwise("dw", c.layer("ReLU", "relu", x, 6.0), activation="relu")
    return c.model(name, pixels, x)


def transfer(c: Chain) -> Any:
    """A network that begins with a trained one, as in transfer learning; a layer after it is used twice."""
    image = c.small()
    shared = c.keras.layers.Conv2D(4, 3, padding="same", activation="relu", name="shared")
    x = shared(shared(backbone(c)(image)))
    x = c.layer("SeparableConv2D", "sep", x, 5, 3)
    return c.model("transfer", image, c.classes(c.pooled(x), 6, name="scores"))


def teachable(c: Chain) -> Any:
    """A Sequential of Sequentials around a functional network whose weights are frozen, as Teachable Machine's."""
    layers = c.keras.layers
    frozen = backbone(c, "frozen")
    frozen.trainable = False
    features = c.keras.Sequential([frozen, layers.GlobalAveragePooling2D(name="pool")], name="features")
    top = [c.keras.Input((4,)), layers.Dense(6, activation="relu", name="dense_1")]
    top += [layers.Dense(3, use_bias=False, activation="softmax", name="dense_2")]
    head = c.keras.Sequential(top, name="head")
    return c.keras.Sequential([c.keras.Input((12, 16, 3), name="image"), features, head], name="teachable")


def nested_deep(c: Chain) -> Any:
    def wrapped(name: str, inner: Any, channels: int) -> Any:
        inside = c.keras.Input((6, 8, channels), name=f"{name}_input")
        return c.model(name, inside, inner(c.conv(f"{name}_conv", inside, 5, activation="relu")))

    inside = c.keras.Input((6, 8, 5), name="inner_input")
    inner = c.model("inner", inside, c.layer("Add", "sum", [inside, c.conv("conv", inside, 5, activation="tanh")]))
    outer = wrapped("outer", wrapped("middle", inner, 5), 6)
    image = c.small()
    x = outer(c.conv("stem", image, 6, strides=2, activation="relu"))
    x = c.conv("last", x, 6, strides=(2, 1), activation="relu")
    return c.model("nested_deep", image, c.classes(c.pooled(x), 4))


def nested_twice(c: Chain) -> Any:
    """One network inside that sees the picture and its blurred copy."""
    image = c.small()
    twice = backbone(c, "twice")
    near = twice(image)
    far = twice(c.layer("AveragePooling2D", "blur", image, 3, strides=1, padding="same"))
    x = c.layer("Concatenate", "both", [near, far])
    x = c.conv("last", x, 5, activation="relu")
    return c.model("nested_twice", image, c.classes(c.pooled(x), 4))


def two_images(c: Chain) -> Any:
    """Two pictures through the same layers, compared."""
    layers = c.keras.layers
    before, after = c.small(name="before"), c.small(name="after")
    encode = layers.Conv2D(5, 3, strides=2, padding="same", activation="relu", name="encode")
    refine = layers.Conv2D(5, 3, padding="same", activation="relu", name="refine")
    # The call that was made first comes last, so that a count from the model's end would take one for the other.
    first = refine(encode(before))
    x = c.layer("Subtract", "change", [refine(encode(after)), first])
    x = c.conv("last", x, 5, activation="relu")
    return c.model("two_images", [before, after], c.classes(c.pooled(x), 4))


def image_and_vector(c: Chain) -> Any:
    """A picture, and numbers such as age and weight that shift and gate what is seen in it."""
    vector = c.keras.Input((3,), name="patient")
    image = c.small(name="scan")
    hidden = c.layer("Dense", "hidden", vector, 5, activation="sigmoid")
    x = c.conv("stem", image, 5, strides=2, activation="relu")
    x = c.layer("Multiply", "gated", [x, c.layer("Reshape", "gate", hidden, (1, 1, 5))])
    x = c.conv("last", x, 6, activation="relu")
    joined = c.layer("Concatenate", "joined", [c.pooled(x), hidden])
    return c.model("image_and_vector", [vector, image], c.classes(joined, 4))


def regression(c: Chain) -> Any:
    """One number, such as an age; a sigmoid on the way is no end."""
    image = c.small()
    x = c.conv("stem", image, 5, strides=2, activation="relu")
    gate = c.conv("gate", x, 1, 1, activation="sigmoid")
    x = c.conv("last", c.layer("Multiply", "gated", [x, gate]), 6, activation="relu")
    return c.model("regression", image, c.classes(c.pooled(x), 1, None, "age"))


def segmentation(c: Chain) -> Any:
    """A U-Net: each pixel's class."""
    image = c.small()
    first = c.conv("first", image, 4, activation="relu")
    second = c.conv("second", c.layer("MaxPooling2D", "half", first, 2), 6, activation="relu")
    x = c.conv("deep", c.layer("MaxPooling2D", "quarter", second, 2), 8, activation="relu")
    x = c.layer("Concatenate", "join_second", [c.layer("UpSampling2D", "up_second", x, 2), second])
    x = c.layer("Conv2DTranspose", "up_first", x, 4, 2, strides=2, activation="relu")
    x = c.conv("merge", c.layer("Concatenate", "join_first", [x, first]), 4, activation="relu")
    return c.model("segmentation", image, c.conv("mask", x, 3, 1, activation="softmax"))


def four_channels(c: Chain) -> Any:
    """Four channels, and batch norms without scale, without centre and without both."""
    image = c.small(channels=4)
    x = c.layer("BatchNormalization", "bn_shift", c.conv("stem", image, 5, strides=2, use_bias=False), scale=False)
    x = c.conv("second", c.activation("stem_relu", x), 5, use_bias=False)
    x = c.activation("second_relu", c.layer("BatchNormalization", "bn_scale", x, center=False))
    x = c.conv("last", x, 5, use_bias=False)
    x = c.layer("BatchNormalization", "bn_bare", x, scale=False, center=False)
    return c.model("four_channels", image, c.classes(c.pooled(c.activation("last_relu", x)), 4))


def any_size(c: Chain) -> Any:
    image = c.small(height=None, width=None)
    x = c.conv_norm("stem", image, 5, 3, "relu", strides=2)
    x = c.layer("Add", "skip", [x, c.conv("second", x, 5, activation="relu")])
    x = c.conv("last", x, 6, strides=2, activation="relu")
    return c.model("any_size", image, c.classes(c.pooled(x), 4))


def mixed_precision(c: Chain) -> Any:
    image = c.small()
    x = c.conv_norm("stem", image, 5, 3, "relu", strides=2)
    x = c.layer("Add", "skip", [x, c.depthwise("second", x, activation="relu")])
    x = c.conv("last", x, 6, activation="relu")
    x = c.classes(c.pooled(x), 4, None, "scores")
    return c.model("mixed_precision", image, c.layer("Activation", "predictions", x, "softmax", dtype="float32"))


HALF = "TensorFlow.js has no float16 in a graph"

TRAITS = [
    Network(transfer, ("backbone/bn", "backbone/relu", "backbone", "shared", "shared:1"), archive2=True),
    Network(teachable, ("features/frozen/relu", "features/frozen/bn"), archive2=True),
    Network(nested_deep, ("outer/middle/inner/conv", "outer/middle/inner", "outer/middle", "outer/outer_conv")),
    Network(nested_twice, ("twice", "twice/bn", "twice:1/bn", "twice:1/relu", "twice:1")),
    Network(two_images, ("encode", "encode:1", "change"), image="after"),
    Network(image_and_vector, ("stem", "gated"), image="scan", archive2=True),
    Network(regression, ("stem", "gated")),
    Network(segmentation, ("first", "deep", "up_second", "join_second", "merge"), box=(2.5, 3, 6, 4.5)),
    Network(four_channels, ("stem", "bn_shift", "second_relu", "bn_bare")),
    Network(any_size, ("stem_relu", "skip"), size=(14, 18)),
    Network(mixed_precision, ("stem_relu", "skip"), policy="mixed_float16", absent={"graph": HALF}, archive2=True),
]
