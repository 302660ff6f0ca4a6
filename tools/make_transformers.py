"""Make testdata/transformers: small vision transformers, their scores, and maps by an implementation of their own.

    pip install tensorflow-cpu==2.21.0 keras==3.15.1 tf-keras==2.21.0
    pip install --no-deps tensorflowjs==4.22.0 tensorflow-hub==0.16.1
    python tools/make_transformers.py

It writes NAME.keras, NAME_graph of some of them, and goldens.json. The maps are computed in double precision by formulas
that are written down here: attention is taken apart, so that its weights are there to be differentiated. Height and
width differ.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"

import numpy as np
import tensorflow as tf
from keras import __version__ as VERSION

sys.path.insert(0, str(Path(__file__).parent))

keras = tf.keras
L = keras.layers
FOLDER = Path(__file__).parent.parent / "testdata" / "transformers"
HEIGHT, WIDTH, PATCH, SIZE, HEADS, BLOCKS, CLASSES = 12, 16, 4, 8, 2, 3, 5
ROWS, COLUMNS = HEIGHT // PATCH, WIDTH // PATCH
EPSILON = 1e-6
GRAPHS = ["class_last", "distilled", "windows"]  # those that are written as graph models too


def positions(count: int) -> np.ndarray:
    """What is added to tell tokens apart."""
    return np.random.default_rng(count).normal(0, 0.5, (1, count, SIZE)).astype("float32")


def bend(name: str) -> str:
    """TensorFlow.js's converter knows no gelu of Keras 3."""
    return "silu" if name in GRAPHS else "gelu"


def block(x: Any, index: int, name: str) -> Any:
    """A block: attention, and two dense layers, each behind a norm and beside what skips it."""
    y = L.LayerNormalization(epsilon=EPSILON, name=f"norm1_{index}")(x)
    y = L.MultiHeadAttention(HEADS, SIZE // HEADS, name=f"attention_{index}")(y, y)
    x = L.Add(name=f"attended_{index}")([x, y])
    y = L.LayerNormalization(epsilon=EPSILON, name=f"norm2_{index}")(x)
    y = L.Dense(2 * SIZE, activation=bend(name), name=f"dense1_{index}")(y)
    y = L.Dense(SIZE, name=f"dense2_{index}")(y)
    return L.Add(name=f"block_{index}")([x, y])


def patches(image: Any) -> Any:
    x = L.Conv2D(SIZE, PATCH, strides=PATCH, name="patches")(image)
    return L.Reshape((ROWS * COLUMNS, SIZE), name="tokens")(x)


def blocks(x: Any, name: str) -> Any:
    for index in range(BLOCKS):
        x = block(x, index, name)
    return L.LayerNormalization(epsilon=EPSILON, name="last_norm")(x)


def scores(x: Any) -> Any:
    return L.Dense(CLASSES, activation="softmax", name="predictions")(x)


def vit(image: Any) -> Any:
    """A class token and two registers before the patches."""
    x = L.ZeroPadding1D((3, 0), name="with_extra")(patches(image))
    x = blocks(x + positions(3 + ROWS * COLUMNS), "vit")
    return scores(x[:, 0])


def class_last(image: Any) -> Any:
    """What the scores are made of comes after the patches."""
    x = patches(image)
    x = L.Concatenate(axis=1, name="with_extra")([x, L.GlobalAveragePooling1D(keepdims=True, name="mean_patch")(x)])
    x = blocks(x + positions(1 + ROWS * COLUMNS), "class_last")
    return scores(x[:, -1])


def distilled(image: Any) -> Any:
    """Two tokens before the patches, each of which has scores of its own."""
    x = L.ZeroPadding1D((2, 0), name="with_extra")(patches(image))
    x = blocks(x + positions(2 + ROWS * COLUMNS), "distilled")
    both = [L.Dense(CLASSES, name=name)(x[:, at]) for at, name in enumerate(["of_class", "of_distillation"])]
    return L.Softmax(name="predictions")(L.Average(name="both")(both))


def mean_pooled(image: Any) -> Any:
    """Nothing but patches, whose mean is taken."""
    x = blocks(patches(image) + positions(ROWS * COLUMNS), "mean_pooled")
    return scores(L.GlobalAveragePooling1D(name="mean_token")(x))


def hybrid(image: Any) -> Any:
    """A convolution before a block, and one after it."""
    x = L.Conv2D(SIZE, 3, strides=2, padding="same", activation="relu", name="stem")(image)
    x = L.Conv2D(SIZE, 2, strides=2, name="patches")(x)
    x = block(L.Reshape((ROWS * COLUMNS, SIZE), name="tokens")(x), 0, "hybrid")
    x = L.Reshape((ROWS, COLUMNS, SIZE), name="picture")(x)
    x = L.Conv2D(SIZE, 3, padding="same", activation="relu", name="head")(x)
    return scores(L.GlobalAveragePooling2D(name="mean_pixel")(x))


def reshape(x: Any, shape: tuple[int, ...]) -> Any:
    return keras.ops.reshape(x, shape)


def transpose(x: Any, order: tuple[int, ...]) -> Any:
    return keras.ops.transpose(x, order)


def shifted(x: Any, axis: int, by: int) -> Any:
    """What lies before a place comes behind the rest."""
    parts = [x[:, by:], x[:, :by]] if axis == 1 else [x[:, :, by:], x[:, :, :by]]
    return L.Concatenate(axis=axis)(parts)


def windows(image: Any) -> Any:
    """Attention within windows of two by two, shifted by one in the second block, of a picture that stays one."""
    x = L.Conv2D(SIZE, 2, strides=2, name="patches")(image)  # [n, 6, 8, k]
    for index in range(2):
        y = L.LayerNormalization(epsilon=EPSILON, name=f"norm1_{index}")(x)
        if index == 1:
            y = shifted(shifted(y, 1, 1), 2, 1)
        y = reshape(y, (-1, 3, 2, 4, 2, SIZE))
        y = reshape(transpose(y, (0, 1, 3, 2, 4, 5)), (-1, 4, SIZE))
        y = L.MultiHeadAttention(HEADS, SIZE // HEADS, name=f"attention_{index}")(y, y)
        y = L.Dense(SIZE, activation="tanh", name=f"dense_{index}")(y)
        y = reshape(y, (-1, 3, 4, 2, 2, SIZE))
        y = reshape(transpose(y, (0, 1, 3, 2, 4, 5)), (-1, 6, 8, SIZE))
        if index == 1:
            y = shifted(shifted(y, 1, -1), 2, -1)
        x = L.Add(name=f"block_{index}")([x, y])
    x = L.LayerNormalization(epsilon=EPSILON, name="last_norm")(x)
    return scores(L.GlobalAveragePooling2D(name="mean_pixel")(x))


NETWORKS = {f.__name__: f for f in [vit, class_last, distilled, mean_pooled, hybrid, windows]}
# How many tokens come before and after the patches, and which of them the scores are made of.
TOKENS = {"vit": (3, 0, [0]), "class_last": (0, 1, [12]), "distilled": (2, 0, [0, 1]), "mean_pooled": (0, 0, list(range(12)))}


def build(name: str) -> Any:
    image = keras.Input((HEIGHT, WIDTH, 3), name="image")
    model = keras.Model(image, NETWORKS[name](image), name=name)
    rng = np.random.default_rng(sum(map(ord, name)))
    values = []
    for weight in model.weights:
        values.append(rng.normal(0, 0.4, weight.shape))
        if weight.name.split("/")[-1].startswith("gamma"):
            values[-1] += 1
    model.set_weights([value.astype("float32") for value in values])
    return model


def photo() -> np.ndarray:
    return np.random.default_rng(7).uniform(-1, 1, (1, HEIGHT, WIDTH, 3)).astype("float32")


class Twin:
    """A network of blocks, computed by formulas in double precision."""

    def __init__(self, model: Any) -> None:
        self.model, self.name = model, model.name
        self.before, self.after, self.read = TOKENS[model.name]

    def weights(self, layer: str) -> list[tf.Tensor]:
        return [tf.constant(value, tf.float64) for value in self.model.get_layer(layer).get_weights()]

    def norm(self, x: tf.Tensor, layer: str) -> tf.Tensor:
        gamma, beta = self.weights(layer)
        mean = tf.reduce_mean(x, -1, keepdims=True)
        variance = tf.reduce_mean((x - mean) ** 2, -1, keepdims=True)
        return (x - mean) / tf.sqrt(variance + EPSILON) * gamma + beta

    def dense(self, x: tf.Tensor, layer: str) -> tf.Tensor:
        kernel, bias = self.weights(layer)
        return x @ kernel + bias

    def embed(self, image: np.ndarray) -> tf.Tensor:
        kernel, bias = self.weights("patches")
        x = tf.nn.conv2d(tf.constant(image, tf.float64), kernel, PATCH, "VALID") + bias
        x = tf.reshape(x, (ROWS * COLUMNS, SIZE))
        extra = tf.zeros((self.before, SIZE), tf.float64)
        last = tf.reduce_mean(x, 0, keepdims=True) if self.after else tf.zeros((0, SIZE), tf.float64)
        x = tf.concat([extra, x, last], 0)
        return x + positions(x.shape[0])[0].astype("float64")

    def block(self, x: tf.Tensor, index: int, see: Any) -> tf.Tensor:
        wq, bq, wk, bk, wv, bv, wo, bo = self.weights(f"attention_{index}")
        y = self.normed = self.norm(x, f"norm1_{index}")
        q, k, v = [tf.einsum("td,dhs->hts", y, w) + b[:, None] for w, b in [(wq, bq), (wk, bk), (wv, bv)]]
        attention = see(tf.nn.softmax(tf.einsum("hts,hus->htu", q, k) / np.sqrt(SIZE // HEADS)))
        x = x + tf.einsum("htu,hus,hsd->td", attention, v, wo) + bo
        y = self.dense(self.norm(x, f"norm2_{index}"), f"dense1_{index}")
        y = y * (tf.sigmoid(y) if bend(self.name) == "silu" else (1 + tf.math.erf(y / np.sqrt(2.0))) / 2)
        return x + self.dense(y, f"dense2_{index}")

    def score(self, x: tf.Tensor) -> tf.Tensor:
        x = self.norm(x, "last_norm")
        if self.name == "distilled":
            both = [self.dense(x[None, at], name) for at, name in enumerate(["of_class", "of_distillation"])]
            return tf.nn.softmax((both[0] + both[1]) / 2)[0]
        return tf.nn.softmax(self.dense(tf.reduce_mean(tf.gather(x, self.read), 0)[None], "predictions"))[0]

    def run(self, image: np.ndarray, index: int) -> dict[str, Any]:
        seen: list[tf.Tensor] = []
        tokens: list[tf.Tensor] = []
        own: list[tf.Tensor] = []
        with tf.GradientTape(persistent=True) as tape:
            x = self.embed(image)
            tape.watch(x)

            def see(attention: tf.Tensor) -> tf.Tensor:
                tape.watch(attention)
                seen.append(attention)
                return attention

            for at in range(BLOCKS):
                tokens.append(x)
                x = self.block(x, at, see)
                own.append(self.score(x)[index])
            result = self.score(x)
            value = result[index]
        cut = tokens[-1]
        gradients = [tape.gradient(value, attention) for attention in seen]
        count = x.shape[0]
        rollout, relevance = np.eye(count), np.eye(count)
        legrad = np.zeros(count)
        for attention, gradient, score in zip(seen, gradients, own):
            rollout = (tf.reduce_mean(attention, 0).numpy() + np.eye(count)) / 2 @ rollout
            mean = tf.reduce_mean(tf.nn.relu(attention * gradient), 0).numpy()
            relevance = relevance + mean @ relevance
            legrad += tf.reduce_mean(tf.nn.relu(tape.gradient(score, attention)), (0, 1)).numpy() / BLOCKS
        # Before a norm the sum of activation times gradient is nothing at each token: a norm takes out its length.
        normed = self.patches((self.normed * tape.gradient(value, self.normed)).numpy())
        maps = {
            "gradcam": self.patches(cut.numpy()) @ self.patches(tape.gradient(value, cut).numpy()).mean(0),
            "hirescam": normed.sum(1),
            "rollout": self.patches(rollout[self.read].mean(0)),
            "attentionrelevance": self.patches(relevance[self.read].mean(0)),
            "legrad": self.patches(legrad),
        }
        return {"scores": result.numpy(), "maps": maps}

    def patches(self, tokens: np.ndarray) -> np.ndarray:
        return tokens[self.before:self.before + ROWS * COLUMNS]


def window_map(model: Any, image: np.ndarray, index: int) -> np.ndarray:
    """HiResCAM at a layer whose tokens lie in windows of a picture that was shifted by one, put back in place."""
    cut = keras.Model(model.input, [model.get_layer("dense_1").output, model.output])
    with tf.GradientTape() as tape:
        activation, output = cut(image)
        value = output[0, index]
    gradient = tape.gradient(value, activation)
    products = tf.reduce_sum(activation * gradient, -1).numpy()  # [12, 4]
    whole = products.reshape(3, 4, 2, 2).transpose(0, 2, 1, 3).reshape(6, 8)
    return np.roll(whole, (1, 1), (0, 1))


def rounded(values: Any) -> list[float]:
    return [float(f"{value:.7g}") for value in np.ravel(values)]


def write_keras() -> None:
    FOLDER.mkdir(exist_ok=True)
    image = photo()
    goldens = []
    for name in NETWORKS:
        model = build(name)
        model.save(FOLDER / f"{name}.keras")
        output = model.predict(image, verbose=0)[0]
        golden: dict[str, Any] = {"name": name, "scores": rounded(output)}
        if name in TOKENS:
            index = int(output.argmax())
            found = Twin(model).run(image, index)
            np.testing.assert_allclose(found["scores"], output, atol=2e-6)
            before, after, _ = TOKENS[name]
            golden |= {"classIndex": index, "before": before, "after": after}
            golden["maps"] = {method: rounded(values) for method, values in found["maps"].items()}
        if name == "windows":
            index = int(output.argmax())
            golden |= {"classIndex": index, "windows": rounded(window_map(model, image, index))}
        goldens.append(golden)
    text = ",\n".join(json.dumps(golden) for golden in goldens)
    head = json.dumps({"keras": VERSION, "grid": [ROWS, COLUMNS], "shape": list(image.shape), "input": rounded(image)})
    (FOLDER / "goldens.json").write_text(f'{head[:-1]}, "networks": [\n{text}\n]}}\n')


def write_graphs() -> None:
    from zoo_tfjs import write_graph

    for name in GRAPHS:
        write_graph(build(name), FOLDER / f"{name}_graph")


if __name__ == "__main__":
    write_keras()
    write_graphs()
