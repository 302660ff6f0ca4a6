"""Networks with something that a cut through a network can get wrong: branches, nested models, shared layers."""

from __future__ import annotations

from typing import Any

from zoo_chain import HEIGHT, WIDTH, Chain, Network


def sequential(c: Chain) -> Any:
    layers = c.keras.layers
    return c.keras.Sequential(
        [
            c.keras.Input((HEIGHT, WIDTH, 3), name="image"),
            layers.Conv2D(4, 3, padding="same", activation="relu", name="conv1"),
            layers.MaxPooling2D(2, name="pool1"),
            layers.Conv2D(5, (3, 5), name="conv2"),
            layers.Activation("relu", name="relu2"),
            layers.AveragePooling2D(2, name="pool2"),
            layers.Flatten(name="flatten"),
            layers.Dense(12, activation="relu", name="hidden"),
            layers.Dropout(0.5, name="dropout"),
            layers.Dense(5, activation="softmax", name="predictions"),
        ],
        name="sequential",
    )


def residual(c: Chain) -> Any:
    image = c.image()
    x = c.conv("stem", image, 5, 5, strides=2, activation="relu")
    y = c.conv("block1_a", x, 5, activation="relu")
    y = c.conv_norm("block1_b", y, 5)
    x = c.activation("block1_relu", c.layer("Add", "block1_add", [x, y]))
    y = c.conv("block2_a", x, 8, strides=2, activation="relu")
    y = c.conv_norm("block2_b", y, 8)
    shortcut = c.conv_norm("block2_shortcut", x, 8, 1, strides=2)
    x = c.activation("block2_relu", c.layer("Add", "block2_add", [shortcut, y]))
    return c.model("residual", image, c.classes(c.pooled(x)))


def depthwise_relu6(c: Chain) -> Any:
    def relu6(name: str, x: Any) -> Any:
        return c.layer("ReLU", name, x, 6.0)

    image = c.image()
    x = relu6("stem_relu", c.conv("stem_conv", image, 8, strides=2))
    y = relu6("expand_relu", c.conv("expand_conv", x, 16, 1))
    y = relu6("depthwise_relu", c.norm("depthwise_bn", c.depthwise("depthwise_conv", y, use_bias=False)))
    y = c.norm("project_bn", c.conv("project_conv", y, 8, 1, use_bias=False))
    x = c.layer("Add", "block_add", [x, y])
    x = c.depthwise("down_conv", x, 5, strides=2, depth_multiplier=2, use_bias=False)
    x = relu6("down_relu", c.norm("down_bn", x))
    x = relu6("head_relu", c.conv("head_conv", x, 16, 1))
    return c.model("depthwise_relu6", image, c.classes(c.pooled(x)))


def squeeze_excite(c: Chain) -> Any:
    image = c.image()
    x = c.conv("stem", image, 8, strides=2, activation="swish")
    y = c.norm("depthwise_bn", c.depthwise("depthwise_conv", x, use_bias=False))
    y = c.activation("depthwise_swish", y, "swish")
    gate = c.layer("Reshape", "squeeze", c.pooled(y, "squeeze_pool"), (1, 1, 8))
    gate = c.conv("excite_reduce", gate, 4, 1, activation="swish")
    gate = c.conv("excite_expand", gate, 8, 1, activation="sigmoid")
    y = c.layer("Multiply", "excite", [y, gate])
    x = c.layer("Add", "block_add", [x, c.conv_norm("project", y, 8, 1)])
    x = c.conv_norm("head", x, 16, 1, "swish", strides=2)
    return c.model("squeeze_excite", image, c.classes(c.pooled(x)))


def concatenation(c: Chain) -> Any:
    image = c.image()
    x = c.conv("stem", image, 5, strides=2, activation="relu")
    one = c.conv("branch1", x, 4, 1, activation="relu")
    three = c.conv("branch3", c.conv("branch3_reduce", x, 4, 1, activation="relu"), 6, activation="relu")
    pooled = c.layer("MaxPooling2D", "branch_pool", x, 3, strides=1, padding="same")
    pooled = c.conv("branch_pool_project", pooled, 4, 1, activation="relu")
    x = c.layer("Concatenate", "mixed", [one, three, pooled])
    # As in DenseNet: batch norm and activation before the convolution, which then joins what it came from.
    y = c.conv("dense_conv", c.activation("dense_relu", c.norm("dense_bn", x)), 6, use_bias=False)
    x = c.layer("Concatenate", "dense_concat", [x, y])
    x = c.layer("AveragePooling2D", "down", x, 2)
    return c.model("concatenation", image, c.classes(c.pooled(x)))


def separable(c: Chain) -> Any:
    def sepconv(name: str, x: Any, filters: int, **options: Any) -> Any:
        return c.layer("SeparableConv2D", name, x, filters, 3, padding="same", **options)

    image = c.image()
    x = c.conv("stem", image, 5, strides=2, activation="relu")
    y = c.norm("sep1_bn", sepconv("sep1", x, 8, use_bias=False))
    y = c.norm("sep2_bn", sepconv("sep2", c.activation("sep2_relu", y), 8, depth_multiplier=2))
    y = c.layer("MaxPooling2D", "block_pool", y, 3, strides=2, padding="same")
    x = c.layer("Add", "block_add", [y, c.conv_norm("shortcut", x, 8, 1, strides=2)])
    x = sepconv("sep3", x, 10, activation="relu")
    return c.model("separable", image, c.classes(c.pooled(x)))


def maxima(c: Chain) -> Any:
    """Activations before maxima and a concatenation: the converter puts them behind, of a layer and as layers."""
    image = c.image()
    x = c.conv("stem", image, 5, activation="tanh")
    x = c.layer("MaxPooling2D", "stem_pool", x, (2, 1), strides=1)
    x = c.layer("MaxPooling2D", "second_pool", x, (2, 3))
    x = c.layer("MaxPooling2D", "bare_pool", c.conv("bare", x, 6, activation="relu", use_bias=False), 2, strides=1)
    y = c.activation("gate", c.norm("gate_bn", c.depthwise("gate_conv", x)), "softplus")
    y = c.layer("MaxPooling2D", "gate_pool", y, 3, strides=1, padding="same")
    x = c.layer("Add", "gated", [y, x])
    sides = [c.conv("left", x, 3, 1, activation="tanh"), c.conv("right", x, 4, activation="tanh")]
    y = c.conv("mixed", c.layer("Concatenate", "sides", sides), 6)
    x = c.activation("joined_relu", c.layer("Add", "joined", [x, y]))
    return c.model("maxima", image, c.classes(c.layer("GlobalMaxPooling2D", "pool", x)))


def nested(c: Chain) -> Any:
    inside = c.keras.Input((HEIGHT // 2, WIDTH // 2, 4), name="features")
    x = c.conv_norm("first", inside, 5, 3, "relu")
    y = c.conv_norm("second", x, 5)
    x = c.activation("joined_relu", c.layer("Add", "joined", [x, y]))
    backbone = c.model("backbone", inside, c.layer("MaxPooling2D", "half", x, 2))
    image = c.image()
    x = backbone(c.conv("stem", image, 4, strides=2, activation="relu"))
    return c.model("nested", image, c.classes(c.pooled(x)))


def nested_sequential(c: Chain) -> Any:
    layers = c.keras.layers
    block = c.keras.Sequential(
        [
            c.keras.Input((HEIGHT // 2, WIDTH // 2, 4), name="features"),
            layers.Conv2D(5, 3, padding="same", use_bias=False, name="conv"),
            layers.BatchNormalization(name="bn"),
            layers.Activation("relu", name="relu"),
            layers.Conv2D(6, 3, strides=2, padding="same", activation="relu", name="down"),
        ],
        name="features",
    )
    top = c.keras.Sequential(
        [
            c.keras.Input((6,), name="pooled"),
            layers.Dense(8, activation="relu", name="hidden"),
            layers.Dense(5, activation="softmax", name="scores"),
        ],
        name="top",
    )
    image = c.image()
    x = block(c.conv("stem", image, 4, strides=2, activation="relu"))
    return c.model("nested_sequential", image, top(c.pooled(x)))


def two_outputs(c: Chain) -> Any:
    image = c.image()
    x = c.conv("stem", image, 5, strides=2, activation="relu")
    shared = c.conv("shared", x, 6, activation="relu")
    # Named so that sorting the outputs by name turns them round.
    side = c.conv("side_conv", shared, 4, strides=2, activation="relu")
    species = c.classes(c.pooled(c.conv("main_conv", shared, 5, activation="relu")), 5, name="species")
    markings = c.classes(c.pooled(side, "side_pool"), 3, "sigmoid", name="markings")
    return c.model("two_outputs", image, [species, markings])


def grey_input(c: Chain) -> Any:
    image = c.image(channels=1, height=26, width=18)
    x = c.conv("conv1", image, 4, 5, activation="relu")
    x = c.layer("MaxPooling2D", "pool1", x, 2)
    x = c.conv_norm("second", x, 5, 3, "relu", strides=(1, 2))
    return c.model("grey_input", image, c.classes(c.layer("Flatten", "flatten", x), 4))


def no_4d(c: Chain) -> Any:
    image = c.image(height=6, width=8)
    x = c.layer("Dense", "hidden", c.layer("Flatten", "flatten", image), 12, activation="relu")
    return c.model("no_4d", image, c.classes(x))


def spatial_tail(c: Chain) -> Any:
    image = c.image()
    x = c.conv_norm("stem", image, 5, 3, "relu", strides=2)
    x = c.conv_norm("last", x, 8, 3, "relu", strides=2)
    x = c.layer("Reshape", "tail_pixel", c.pooled(x), (1, 1, 8))
    x = c.conv("tail_hidden", x, 6, 1, activation="relu")
    x = c.conv("tail_scores", x, 5, 1)
    x = c.activation("tail_softmax", x, "softmax")
    return c.model("spatial_tail", image, c.layer("Reshape", "predictions", x, (5,)))


def sigmoid_unit(c: Chain) -> Any:
    image = c.image()
    x = c.conv("conv1", image, 4, strides=2, activation="relu")
    x = c.conv("conv2", x, 5, activation="tanh")
    x = c.layer("LeakyReLU", "leaky", c.conv("conv3", x, 5, padding="valid"))
    x = c.layer("GlobalMaxPooling2D", "pool", x)
    return c.model("sigmoid_unit", image, c.classes(x, 1, "sigmoid"))


def dilated(c: Chain) -> Any:
    image = c.image()
    x = c.conv("conv1", image, 4, strides=2, activation="relu")
    x = c.conv("conv2", x, 5, dilation_rate=2, activation="relu")
    x = c.norm("conv3_bn", c.conv("conv3", x, 5, dilation_rate=(3, 2), use_bias=False))
    x = c.activation("conv3_relu", x)
    x = c.depthwise("depthwise", x, dilation_rate=2, activation="relu")
    x = c.conv("conv4", x, 5, padding="valid", dilation_rate=2)
    return c.model("dilated", image, c.classes(c.pooled(c.activation("conv4_relu", x))))


def conv_transpose(c: Chain) -> Any:
    image = c.image()
    x = c.conv("down1", image, 4, strides=2, activation="relu")
    x = c.conv("down2", x, 6, strides=2, activation="relu")
    x = c.layer("Conv2DTranspose", "up2", x, 5, 3, strides=2, padding="same", use_bias=False)
    x = c.activation("up2_relu", c.norm("up2_bn", x))
    x = c.layer("UpSampling2D", "resize", x, 2, interpolation="bilinear")
    x = c.layer("Conv2DTranspose", "grow", x, 4, (2, 4), padding="valid", activation="relu")
    x = c.layer("ZeroPadding2D", "pad", x, ((0, 1), (1, 0)))
    x = c.conv("last", x, 4, 4, strides=3, padding="valid", activation="relu")
    return c.model("conv_transpose", image, c.classes(c.pooled(x)))


def shared_layer(c: Chain) -> Any:
    image = c.image()
    x = c.conv("stem", image, 5, strides=2, activation="relu")
    shared = c.keras.layers.Conv2D(5, 3, padding="same", activation="relu", name="shared")
    first = shared(x)
    x = c.layer("Add", "joined", [first, shared(c.layer("MaxPooling2D", "between", first, 3, 1, padding="same"))])
    x = c.conv("last", x, 5, strides=2, activation="relu")
    return c.model("shared_layer", image, c.classes(c.pooled(x)))


def logits(c: Chain) -> Any:
    image = c.image()
    x = c.conv_norm("stem", image, 5, 3, "relu", strides=2)
    x = c.conv_norm("second", x, 6, 3, "elu")
    x = c.conv("third", x, 8, strides=2)
    return c.model("logits", image, c.classes(c.pooled(x), 5, None))


def multi_branch_carried(c: Chain) -> Any:
    image = c.image()
    early = c.conv("early", image, 4, strides=2, activation="relu")
    half = c.layer("MaxPooling2D", "half", early, 2)
    middle = c.conv_norm("middle", half, 5, 3, "relu")
    deep = c.conv("deep", middle, 5, strides=(1, 2), activation="relu")
    gate = c.conv("gate", middle, 5, strides=(1, 2), activation="sigmoid")
    deep = c.layer("Multiply", "gated", [deep, gate])
    side = c.conv("side", half, 4, 1, strides=(1, 2), activation="relu")
    x = c.layer("Concatenate", "merged", [deep, side])
    x = c.conv("late", x, 5, activation="relu")
    # Nothing but the cut's layer and two values from far before it leads here.
    pooled = [c.pooled(x), c.pooled(early, "early_pool"), c.pooled(middle, "middle_pool")]
    vector = c.layer("Concatenate", "vector", pooled)
    return c.model("multi_branch_carried", image, c.classes(vector))


CUTS = [
    Network(sequential, ("conv1", "pool1", "conv2", "relu2"), archive2=True),
    Network(residual, ("stem", "block1_b_bn", "block1_add", "block2_a", "block2_shortcut_bn", "block2_add")),
    Network(
        depthwise_relu6,
        ("stem_relu", "depthwise_conv", "depthwise_relu", "project_bn", "block_add", "down_relu"),
        seed=1,
    ),
    Network(squeeze_excite, ("stem", "depthwise_swish", "excite", "project_bn", "block_add")),
    Network(concatenation, ("stem", "branch3", "branch_pool", "mixed", "dense_bn", "dense_concat")),
    Network(separable, ("stem", "sep1", "sep1_bn", "sep2_bn", "block_add")),
    Network(
        maxima,
        ("stem", "stem_pool", "second_pool", "bare", "bare_pool", "gate_bn", "gate", "gate_pool", "left", "sides", "joined"),
    ),
    Network(nested, ("stem", "backbone/first_conv", "backbone/first_relu", "backbone/second_bn", "backbone/joined")),
    Network(nested_sequential, ("stem", "features/conv", "features/bn", "features/relu", "features/down")),
    Network(two_outputs, ("stem", "shared", "side_conv")),
    Network(grey_input, ("conv1", "pool1", "second_bn")),
    Network(no_4d),
    Network(spatial_tail, ("stem_conv", "stem_relu", "last_bn")),
    Network(sigmoid_unit, ("conv1", "conv2", "conv3")),
    Network(dilated, ("conv1", "conv2", "conv3_bn", "conv3_relu", "depthwise", "conv4")),
    Network(conv_transpose, ("down2", "up2", "up2_relu", "grow")),
    Network(shared_layer, ("stem", "shared", "between", "shared:1", "joined")),
    Network(logits, ("stem_relu", "second_bn", "second_elu")),
    Network(multi_branch_carried, ("early", "half", "middle_relu", "deep", "gate", "merged")),
]
