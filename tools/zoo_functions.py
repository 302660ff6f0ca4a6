"""Networks with the activations, the ways to join values and the recorded operations that classifiers use."""

from __future__ import annotations

from typing import Any

from zoo_chain import Chain, Network


def joined_activations(c: Chain, name: str, kinds: list[str]) -> Any:
    """Each activation on two channels of its own, as a convolution's and as a layer."""
    image = c.small()
    x = c.conv("stem", image, 6)
    x = c.layer("Concatenate", "joined", [c.activation(f"as_{kind}", x, kind) for kind in kinds])
    x = c.conv("mixed", x, 6, 1, strides=2, activation=kinds[0])
    x = c.conv("last", x, 5, activation=kinds[1])
    hidden = c.layer("Dense", "hidden", c.pooled(x), 6, activation=kinds[2])
    return c.model(name, image, c.classes(hidden, 4))


def activations(c: Chain) -> Any:
    kinds = ["gelu", "mish", "silu", "swish", "relu", "relu6", "elu", "selu", "softplus", "tanh"]
    kinds += ["sigmoid", "exponential", "leaky_relu", "softmax", "log_softmax", "linear"]
    return joined_activations(c, "activations", kinds)


def activations_keras3(c: Chain) -> Any:
    kinds = ["hard_silu", "celu", "hard_swish", "hard_sigmoid", "hard_tanh", "hard_shrink", "soft_shrink"]
    kinds += ["tanh_shrink", "log_sigmoid", "squareplus", "sparse_plus", "sparse_sigmoid", "sparsemax", "softsign"]
    return joined_activations(c, "activations_keras3", kinds)


def hard_activations(c: Chain) -> Any:
    """The hard sigmoids of both versions, which differ; each writes the other's as models do, by layers."""
    layers = c.keras.layers
    image = c.small()
    x = c.conv("stem", image, 6, strides=2)
    if c.is_keras2:
        x = layers.Multiply(name="hard_swish")([x, layers.ReLU(6.0, name="gate")(x + 3.0) * (1.0 / 6.0)])
        y = c.layer("Rescaling", "spread", c.conv("second", x, 6), 6.0)
        y = c.activation("old_hard_sigmoid", y, "hard_sigmoid")
    else:
        x = c.activation("hard_swish", x, "hard_silu")
        y = c.layer("Rescaling", "spread", c.conv("second", x, 6), 6.0)
        y = layers.Rescaling(0.2, 0.5, name="old_ramp")(y)
        y = layers.ReLU(1.0, name="old_hard_sigmoid")(y)
    x = c.layer("Multiply", "gated", [x, y])
    x = c.conv("last", x, 5, activation="relu")
    return c.model("hard_activations", image, c.classes(c.pooled(x), 4))


def relu_parameters(c: Chain) -> Any:
    layers = c.keras.layers
    image = c.small()
    x = c.conv("stem", image, 6, strides=2)
    x = c.layer(
        "Concatenate",
        "joined",
        [
            layers.ReLU(max_value=1.5, negative_slope=0.1, threshold=0.2, name="relu_all")(x),
            layers.ReLU(threshold=0.3, name="relu_threshold")(x),
            layers.ReLU(max_value=1.0, name="relu_max")(x),
            layers.ReLU(negative_slope=0.2, name="relu_slope")(x),
            layers.LeakyReLU(name="leaky_default")(x),
            layers.LeakyReLU(0.15, name="leaky_slope")(x),
            layers.ELU(0.7, name="elu_alpha")(x),
        ],
    )
    x = c.layer("PReLU", "prelu_shared", c.conv("second", x, 5, 1), shared_axes=[1, 2])
    x = c.layer("PReLU", "prelu", c.conv("last", x, 4))
    return c.model("relu_parameters", image, c.classes(c.pooled(x), 4))


def merges(c: Chain) -> Any:
    image = c.small()
    x = c.conv("stem", image, 6, strides=2, activation="relu")
    y = c.conv("other", x, 6)
    one = c.conv("one", x, 1, activation="sigmoid")
    x = c.layer("Multiply", "times_plane", [x, one])
    x = c.layer("Add", "plus_pixel", [x, c.layer("Reshape", "pixel", c.pooled(y, "other_pool"), (1, 1, 6)), y])
    low = c.layer("Minimum", "minimum", [x, y, one])
    high = c.layer("Maximum", "maximum", [one, x])
    x = c.layer("Average", "average", [x, low, high])
    x = c.layer("Subtract", "minus", [x, one])
    x = c.layer("Concatenate", "stacked", [x, y], axis=1)
    x = c.conv("last", x, 4, strides=2, activation="relu")
    pixels = c.layer("Reshape", "pixels", x, (24, 4))
    alike = c.layer("Dot", "alike", [pixels, pixels], axes=1)
    vector = c.layer("Flatten", "flatten", alike)
    cosine = c.layer("Dot", "cosine", [c.pooled(x), c.layer("GlobalMaxPooling2D", "peak", x)], axes=1, normalize=True)
    return c.model("merges", image, c.classes(c.layer("Concatenate", "vector", [vector, cosine]), 4))


def operations(c: Chain) -> Any:
    image = c.small()
    x = c.conv("stem", image / 2.0 - 0.25, 6, strides=2)
    x = x * c.operation("sigmoid", x) + 0.5
    x = c.conv("second", c.operation("relu", x), 6)
    y = c.operation("sqrt", c.operation("square", x) + 1.0)
    x = c.operation("concatenate", [1.0 - c.operation("abs", x), c.operation("maximum", x, -y), x**2 / y], axis=-1)
    x = x / c.operation("max", c.operation("exp", c.operation("clip", x, -2.0, 1.5)), axis=[1, 2], keepdims=True)
    x = c.conv("last", c.operation("silu", x), 5)
    means = c.operation("mean", x, axis=[1, 2])
    peaks = c.operation("max", x, axis=[1, 2]) - c.operation("min", x, axis=[1, 2])
    return c.model("operations", image, c.classes(c.operation("concatenate", [means, peaks], axis=1), 4))


KERAS3_NAMES = "Keras 2.15 has no celu, hard_shrink, hard_tanh, log_sigmoid, soft_shrink, squareplus, sparsemax …"

FUNCTIONS = [
    Network(
        activations,
        ("stem", "joined", "mixed"),
        absent={"tf2onnx": "tf2onnx 1.17 has no Erfc, which Keras 3 makes GELU of"},
    ),
    Network(
        activations_keras3,
        ("stem", "joined", "mixed"),
        absent={
            "keras2": KERAS3_NAMES,
            "layers": KERAS3_NAMES,
            "graph": KERAS3_NAMES,
            "tf2onnx": "tf2onnx 1.17 has no Expm1, which Keras 3 makes celu of",
        },
    ),
    Network(hard_activations, ("stem", "hard_swish", "old_hard_sigmoid")),
    Network(relu_parameters, ("stem", "relu_all", "joined", "prelu_shared")),
    Network(merges, ("stem", "times_plane", "minimum", "average", "minus", "stacked")),
    Network(operations, ("stem", "second")),
]
