"""The maps of all methods in NumPy and TensorFlow, from the formulas of the papers, for a Keras 3 model."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, field
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from zoo_reference import end_of, find_layer, without_activation

BATCH = 32


@contextmanager
def replaced(layer: Any, name: str, make: Callable[[Any], Any]) -> Iterator[None]:
    """Exchange a function of a layer, as long as the context lasts."""
    kept = getattr(layer, name)
    setattr(layer, name, make(kept))
    try:
        yield
    finally:
        setattr(layer, name, kept)


@dataclass
class Subject:
    """A model, a photo [1, H, W, C], a layer and a class."""

    model: keras.Model
    x: np.ndarray
    layer: str
    class_index: int
    is_logit: bool = False
    _known: dict[str, np.ndarray] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._end = end_of(self.model.outputs[0]) if self.is_logit else None

    def scores(self, x: Any) -> tf.Tensor:
        with without_activation(self._end) if self._end else nullcontext():
            return self.model(x, training=False)

    def value(self, x: Any) -> tf.Tensor:
        """Return the class's score for each of some photos, [n]."""
        return self.scores(x)[:, self.class_index]

    def values(self, photos: np.ndarray) -> np.ndarray:
        pieces = [photos[at : at + BATCH] for at in range(0, len(photos), BATCH)]
        return np.concatenate([self.value(tf.constant(piece)).numpy() for piece in pieces]).astype(np.float64)

    def value_from(self, activation: Any, path: str | None = None) -> tf.Tensor:
        """Return the class's score where a layer gives something else, [n, h, w, k] → [n]."""
        layer, _ = find_layer(self.model, path or self.layer)
        photos = np.repeat(self.x, activation.shape[0], axis=0)
        with replaced(layer, "call", lambda _: lambda *_arguments, **_options: activation):
            return self.value(photos)

    def activation(self, path: str | None = None) -> np.ndarray:
        layer, _ = find_layer(self.model, path or self.layer)
        seen: list[Any] = []

        def keep(call: Any) -> Any:
            def called(*arguments: Any, **options: Any) -> Any:
                seen.append(call(*arguments, **options))
                return seen[-1]

            return called

        with replaced(layer, "call", keep):
            self.scores(self.x)
        return seen[0].numpy()

    def gradient(self, path: str | None = None) -> np.ndarray:
        activation = tf.constant(self.activation(path))
        with tf.GradientTape() as tape:
            tape.watch(activation)
            value = self.value_from(activation, path)
        return tape.gradient(value, activation).numpy()

    def pixel_gradient(self, x: np.ndarray | None = None) -> np.ndarray:
        photo = tf.constant(self.x if x is None else x)
        with tf.GradientTape() as tape:
            tape.watch(photo)
            value = self.value(photo)
        return tape.gradient(value, photo).numpy()

    def at_layer(self) -> tuple[np.ndarray, np.ndarray]:
        """Return A and g, [h, w, k] each, in double precision."""
        if not self._known:
            self._known = {"a": self.activation()[0].astype(np.float64), "g": self.gradient()[0].astype(np.float64)}
        return self._known["a"], self._known["g"]


def relu(values: np.ndarray) -> np.ndarray:
    return np.maximum(values, 0)


def enlarge(values: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """Bring [h, w, k] to another size, bilinearly between centres of cells."""
    return tf.image.resize(values.astype(np.float32), size, method="bilinear").numpy().astype(np.float64)


def gradcam(subject: Subject) -> np.ndarray:
    a, g = subject.at_layer()
    return (a * g.mean((0, 1))).sum(-1)


def gradcam_plus_plus(subject: Subject) -> np.ndarray:
    return plus_plus_of(*subject.at_layer())


def plus_plus_of(a: np.ndarray, g: np.ndarray) -> np.ndarray:
    denominator = 2 * g**2 + a.sum((0, 1)) * g**3
    alpha = np.divide(g**2, denominator, out=np.zeros_like(g), where=denominator != 0)
    return (a * (relu(g) * alpha).sum((0, 1))).sum(-1)


def xgradcam(subject: Subject) -> np.ndarray:
    a, g = subject.at_layer()
    return (a * ((g * a).sum((0, 1)) / (a.sum((0, 1)) + 1e-7))).sum(-1)


def hirescam(subject: Subject) -> np.ndarray:
    a, g = subject.at_layer()
    return (a * g).sum(-1)


def gradcam_elementwise(subject: Subject) -> np.ndarray:
    a, g = subject.at_layer()
    return relu(a * g).sum(-1)


def layercam(subject: Subject) -> np.ndarray:
    a, g = subject.at_layer()
    return (relu(g) * a).sum(-1)


def first_component(values: np.ndarray) -> np.ndarray:
    """Return the rows' first principal component, as it goes with the rows' sums, [h, w, k] → [h, w]."""
    rows = values.reshape(-1, values.shape[-1])
    u, s, _ = np.linalg.svd(rows - rows.mean(0), full_matrices=False)
    component = u[:, 0] * s[0]
    return (component * np.sign(component @ rows.sum(-1))).reshape(values.shape[:2])


def eigencam(subject: Subject) -> np.ndarray:
    return first_component(subject.at_layer()[0])


def eigengradcam(subject: Subject) -> np.ndarray:
    a, g = subject.at_layer()
    return first_component(a * g)


def fem(subject: Subject) -> np.ndarray:
    a, _ = subject.at_layer()
    return (a * (a > a.mean((0, 1)) + 2 * a.std((0, 1))).mean((0, 1))).sum(-1)


def kpcacam(subject: Subject) -> np.ndarray:
    a, _ = subject.at_layer()
    rows = a.reshape(-1, a.shape[-1])
    squares = ((rows[:, None] - rows[None]) ** 2).sum(-1)
    kernel = np.exp(-squares / rows.shape[1])
    centre = np.eye(len(rows)) - 1 / len(rows)
    values, vectors = np.linalg.eigh(centre @ kernel @ centre)
    component = vectors[:, -1] * np.sqrt(values[-1])
    return (component * np.sign(component @ rows.sum(-1))).reshape(a.shape[:2])


def shapleycam(subject: Subject) -> np.ndarray:
    a, g = subject.at_layer()
    activation = tf.constant(a[None], tf.float32)
    with tf.GradientTape() as outer:
        outer.watch(activation)
        with tf.GradientTape() as inner:
            inner.watch(activation)
            value = subject.value_from(activation)
        gradient = inner.gradient(value, activation)
        along = tf.reduce_sum(gradient * tf.stop_gradient(activation))
    product = outer.gradient(along, activation)
    change = np.zeros_like(a) if product is None else product.numpy()[0].astype(np.float64)
    return (a * (g - change / 2).mean((0, 1))).sum(-1)


def most_varied(a: np.ndarray, channels: int) -> list[int]:
    if channels == 0:
        return list(range(a.shape[-1]))
    return sorted(int(at) for at in np.argsort(-a.std((0, 1)), kind="stable")[:channels])


def scorecam(subject: Subject, channels: int = 0) -> np.ndarray:
    a, _ = subject.at_layer()
    chosen = most_varied(a, channels)
    masks = enlarge(a, subject.x.shape[1:3])[..., chosen]
    masks -= masks.min((0, 1))
    most = masks.max((0, 1))
    masks = np.divide(masks, most, out=np.zeros_like(masks), where=most > 0)
    photos = (subject.x * np.moveaxis(masks, -1, 0)[..., None]).astype(np.float32)
    scores = subject.values(photos)
    weights = np.exp(scores - scores.max())
    return (a[..., chosen] * (weights / weights.sum())).sum(-1)


def ablationcam(subject: Subject, channels: int = 0) -> np.ndarray:
    a, _ = subject.at_layer()
    chosen = most_varied(a, channels)
    whole = float(subject.value(subject.x)[0])
    weights = []
    for channel in chosen:
        ablated = a[None].astype(np.float32)
        ablated[..., channel] = 0
        weights.append((whole - float(subject.value_from(tf.constant(ablated))[0])) / whole)
    return (a[..., chosen] * weights).sum(-1)


def occlusion(subject: Subject, window: int, stride: int) -> np.ndarray:
    height, width = subject.x.shape[1:3]
    colour = subject.x.mean((0, 1, 2))
    corners = [(y, x) for y in starts(height, window, stride) for x in starts(width, window, stride)]
    photos = np.repeat(subject.x, len(corners), axis=0)
    for photo, (y, x) in zip(photos, corners, strict=True):
        photo[y : y + window, x : x + window] = colour
    whole = float(subject.value(subject.x)[0])
    total, count = np.zeros((height, width)), np.zeros((height, width))
    for score, (y, x) in zip(subject.values(photos), corners, strict=True):
        total[y : y + window, x : x + window] += whole - score
        count[y : y + window, x : x + window] += 1
    return total / count


def starts(length: int, window: int, stride: int) -> list[int]:
    """Return where windows begin so that the last one reaches the end or beyond."""
    found = [0]
    while found[-1] + window < length:
        found.append(found[-1] + stride)
    return found


def rise(subject: Subject, masks: np.ndarray, visible: float = 0.5) -> np.ndarray:
    """Return Σ y(x ∘ M)·M / (p·N), what is hidden in black: a tensor's least number."""
    shown = masks[..., None]
    black = subject.x.min()
    scores = subject.values((subject.x * shown + black * (1 - shown)).astype(np.float32))
    return np.tensordot(scores, masks, 1) / (len(masks) * visible)


def lime(subject: Subject, labels: np.ndarray, shown: np.ndarray) -> np.ndarray:
    """Return each superpixel's coefficient in a ridge regression, [H, W].

    labels: [H, W]; shown: [n, superpixels], 1 where one is seen.
    """
    from sklearn.linear_model import Ridge
    from sklearn.metrics import pairwise_distances

    colours = np.stack([subject.x[0][labels == at].mean(0) for at in range(shown.shape[1])])[labels]
    seen = shown[:, labels][..., None]
    scores = subject.values((subject.x * seen + colours * (1 - seen)).astype(np.float32))
    distances = pairwise_distances(shown, np.ones((1, shown.shape[1])), metric="cosine").ravel()
    weights = np.sqrt(np.exp(-(distances**2) / 0.25**2))
    return Ridge(alpha=1).fit(shown, scores, sample_weight=weights).coef_[labels]


def saliency(subject: Subject) -> np.ndarray:
    return np.abs(subject.pixel_gradient()[0]).max(-1)


def input_x_gradient(subject: Subject) -> np.ndarray:
    return (subject.x * subject.pixel_gradient())[0].sum(-1)


def noisy_gradients(subject: Subject, noise: np.ndarray, sigma: float) -> np.ndarray:
    """Return a gradient for each noise [n, H, W, C], its σ a part of the range of x."""
    width = subject.x.max() - subject.x.min()
    photos = (subject.x + sigma * width * noise).astype(np.float32)
    return np.concatenate([subject.pixel_gradient(photo[None]) for photo in photos]).astype(np.float64)


def smoothgrad(subject: Subject, noise: np.ndarray, sigma: float) -> np.ndarray:
    return np.abs(noisy_gradients(subject, noise, sigma).mean(0)).max(-1)


def smoothgrad_squared(subject: Subject, noise: np.ndarray, sigma: float) -> np.ndarray:
    return (noisy_gradients(subject, noise, sigma) ** 2).mean(0).sum(-1)


def vargrad(subject: Subject, noise: np.ndarray, sigma: float) -> np.ndarray:
    return noisy_gradients(subject, noise, sigma).var(0).sum(-1)


def integrated_gradients(subject: Subject, steps: int) -> np.ndarray:
    black = np.full_like(subject.x, subject.x.min())
    shares = (np.arange(steps) + 0.5) / steps
    mean = np.mean([subject.pixel_gradient(black + np.float32(at) * (subject.x - black)) for at in shares], axis=0)
    return ((subject.x - black) * mean)[0].sum(-1)


def ruled(rule: str, bound: float | None) -> Callable[[Any], Any]:
    """Return a rectifier whose way back follows a rule."""

    @tf.custom_gradient
    def rectify(x: Any) -> Any:
        def back(gradient: Any) -> Any:
            positive = tf.nn.relu(gradient)
            if rule == "deconvolution":
                return positive
            passed = x > 0 if bound is None else (x > 0) & (x < bound)
            return positive * tf.cast(passed, x.dtype)

        return (tf.nn.relu(x) if bound is None else tf.clip_by_value(x, 0, bound)), back

    return rectify


def exchanges(model: keras.Model, rule: str) -> list[Any]:
    """Return contexts in which all rectifiers of a model follow a rule."""
    found = []
    for layer in model._flatten_layers():
        if isinstance(layer, keras.layers.ReLU):
            own = ruled(rule, layer.max_value)
            found.append(replaced(layer, "call", lambda _, own=own: lambda x, **_options: own(x)))
        elif getattr(getattr(layer, "activation", None), "__name__", "") in ("relu", "relu6"):
            own = ruled(rule, 6 if layer.activation.__name__ == "relu6" else None)
            found.append(replaced(layer, "activation", lambda _, own=own: own))
    return found


def ruled_gradient(subject: Subject, rule: str) -> np.ndarray:
    with ExitStack() as stack:
        for context in exchanges(subject.model, rule):
            stack.enter_context(context)
        return subject.pixel_gradient()[0]


def guided_backprop(subject: Subject) -> np.ndarray:
    return ruled_gradient(subject, "guided").sum(-1)


def deconvolution(subject: Subject) -> np.ndarray:
    return ruled_gradient(subject, "deconvolution").sum(-1)


def guided_gradcam(subject: Subject) -> np.ndarray:
    cam = relu(enlarge(relu(gradcam(subject))[..., None], subject.x.shape[1:3]))
    return (ruled_gradient(subject, "guided") * cam).sum(-1)


def scaled_channels(part: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """Scale each channel's magnitudes to 0 … 1, enlarge and sum them: [h, w, k] → [H, W]."""
    magnitudes = np.abs(part).astype(np.float64)
    magnitudes -= magnitudes.min((0, 1))
    return enlarge(magnitudes / (magnitudes.max((0, 1)) + 1e-7), size).sum(-1)


def fullgrad(subject: Subject) -> np.ndarray:
    photo = tf.constant(subject.x)
    seen: list[tuple[Any, np.ndarray]] = []
    with tf.GradientTape(persistent=True) as tape, ExitStack() as stack:
        tape.watch(photo)

        def note(value: Any, bias: np.ndarray) -> Any:
            value = tf.identity(value)
            tape.watch(value)
            seen.append((value, bias))
            return value

        for layer in subject.model._flatten_layers():
            stack.enter_context(noting(layer, note))
        value = subject.value(photo)
    size = subject.x.shape[1:3]
    total = scaled_channels((subject.x * tape.gradient(value, photo).numpy())[0], size)
    for at, bias in seen:
        if len(at.shape) == 4:
            total += scaled_channels((bias * tape.gradient(value, at).numpy())[0], size)
    return total


def noting(layer: Any, note: Callable[[Any, np.ndarray], Any]) -> Any:
    """Return a context in which what a layer's bias is added to is noted."""
    if isinstance(layer, keras.layers.BatchNormalization):
        beta, mean = (np.array(weight) for weight in (layer.beta, layer.moving_mean))
        scale = np.array(layer.gamma) / np.sqrt(np.array(layer.moving_variance) + layer.epsilon)
        shift = beta - mean * scale
        return replaced(layer, "call", lambda call: lambda x, **_options: note(call(x, training=False), shift))
    if getattr(layer, "use_bias", False) and hasattr(layer, "activation"):
        bias = np.array(layer.bias)
        return replaced(layer, "activation", lambda activation: lambda z: activation(note(z, bias)))
    return nullcontext()


def refinecam(subject: Subject, stages: list[str]) -> np.ndarray:
    size = subject.x.shape[1:3]
    product = np.ones(size)
    for path in stages:
        a, g = subject.activation(path)[0].astype(np.float64), subject.gradient(path)[0].astype(np.float64)
        map = enlarge(relu(plus_plus_of(a, g))[..., None], size)[..., 0]
        product *= (map - map.min()) / (map.max() - map.min() + 1e-7)
    return product


def factorization_error(subject: Subject, components: int) -> float:
    """Return how near scikit-learn's factorisation comes to relu(A), the best of several starts."""
    from sklearn.decomposition import NMF

    a, _ = subject.at_layer()
    rows = relu(a).reshape(-1, a.shape[-1])
    errors = []
    for init, seed in (("nndsvda", 0), *(("random", seed) for seed in range(1))):
        found = NMF(components, init=init, random_state=seed, max_iter=300, tol=1e-5)
        errors.append(np.linalg.norm(rows - found.fit_transform(rows) @ found.components_))
    return float(min(errors) / np.linalg.norm(rows))
