"""What the networks of testdata/zoo are built with, and what is noted of each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

HEIGHT, WIDTH = 16, 24

# What Keras 3 calls otherwise than TensorFlow, whose functions models of Keras 2 record.
TENSORFLOW_NAMES = {
    "mean": "reduce_mean",
    "max": "reduce_max",
    "min": "reduce_min",
    "sum": "reduce_sum",
    "concatenate": "concat",
    "clip": "clip_by_value",
    "relu": "nn.relu",
    "silu": "nn.silu",
    "softmax": "nn.softmax",
}


class Chain:
    """The layers of Keras by short names, each called as `layer(name, x, ...)`."""

    def __init__(self, keras: Any) -> None:
        self.keras = keras
        self.is_keras2 = keras.__version__.startswith("2")

    def small(self, channels: int = 3, height: int | None = 12, width: int | None = 16, name: str = "image") -> Any:
        return self.keras.Input((height, width, channels), name=name)

    def operation(self, name: str, *args: Any, **options: Any) -> Any:
        """An operation that the model records: one of `keras.ops`, in Keras 2 TensorFlow's of that kind."""
        if not self.is_keras2:
            return getattr(self.keras.ops, name)(*args, **options)
        import tensorflow

        found: Any = tensorflow
        for part in TENSORFLOW_NAMES.get(name, name).split("."):
            found = getattr(found, part)
        return found(*args, **options)

    def image(self, channels: int = 3, height: int = HEIGHT, width: int = WIDTH) -> Any:
        return self.keras.Input((height, width, channels), name="image")

    def layer(self, kind: str, name: str, x: Any, *args: Any, **options: Any) -> Any:
        return getattr(self.keras.layers, kind)(*args, name=name, **options)(x)

    def conv(self, name: str, x: Any, filters: int, size: Any = 3, **options: Any) -> Any:
        return self.layer("Conv2D", name, x, filters, size, **{"padding": "same", **options})

    def depthwise(self, name: str, x: Any, size: Any = 3, **options: Any) -> Any:
        return self.layer("DepthwiseConv2D", name, x, size, **{"padding": "same", **options})

    def norm(self, name: str, x: Any, epsilon: float = 1e-3) -> Any:
        return self.layer("BatchNormalization", name, x, epsilon=epsilon)

    def activation(self, name: str, x: Any, kind: str = "relu") -> Any:
        return self.layer("Activation", name, x, kind)

    def conv_norm(self, name: str, x: Any, filters: int, size: Any = 3, kind: str = "", **options: Any) -> Any:
        """Convolution without bias, batch norm, and an activation if one is named."""
        x = self.conv(f"{name}_conv", x, filters, size, use_bias=False, **options)
        x = self.norm(f"{name}_bn", x)
        return self.activation(f"{name}_{kind}", x, kind) if kind else x

    def classes(self, x: Any, count: int = 5, kind: str | None = "softmax", name: str = "predictions") -> Any:
        return self.layer("Dense", name, x, count, activation=kind)

    def pooled(self, x: Any, name: str = "pool") -> Any:
        return self.layer("GlobalAveragePooling2D", name, x)

    def model(self, name: str, inputs: Any, outputs: Any) -> Any:
        return self.keras.Model(inputs, outputs, name=name)


@dataclass(frozen=True)
class Network:
    """A network, and how it is written and explained."""

    build: Callable[[Chain], Any]
    layers: tuple[str, ...] = ()
    """The layers to explain besides the default one."""

    seed: int = 0
    """The seed of its weights and inputs."""

    absent: Mapping[str, str] = field(default_factory=dict)
    """Why a form cannot be had, by its name or the beginning of it."""

    archive2: bool = False
    """Whether Keras 2's own `.keras` is kept as well."""

    policy: str = "float32"
    """The precision that its files are written with; the reference computes all in float32."""

    size: tuple[int, int] = (HEIGHT, WIDTH)
    """Height and width of the input where the network takes any."""

    image: str = "image"
    """The input that takes the image."""

    box: tuple[float, float, float, float] | None = None
    """A part of the image to explain where the output is a picture of scores: x, y, width, height."""

    @property
    def name(self) -> str:
        return self.build.__name__

    def why_absent(self, form: str) -> str | None:
        """Return why there is no such form, None if there is."""
        if form == "keras2.keras" and not self.archive2 and not any(form.startswith(key) for key in self.absent):
            return "left out for its size: the container holds nothing of its own here"
        return next((reason for key, reason in self.absent.items() if form.startswith(key)), None)
