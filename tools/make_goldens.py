"""Make the golden heatmaps of the embedded default model with AUCMEDI, the reference for the algorithm.

Needs

    pip install tensorflow-cpu==2.21.0 keras==3.15.1 aucmedi==0.11.0 scikit-image pillow

    python tools/make_goldens.py

The photos are those of scikit-image's package; `--photos DIR` takes chelsea.png and coffee.png from elsewhere.
AUCMEDI is run as it is, on the Keras model of the shipped files (float16 weights as float32 numbers), with its
default eps. Beside its map lies the map before normalisation, computed by the same arithmetic, and for the last
layer both again for the class's logit, which AUCMEDI has no option for.

relu6 has kinks at 0 and 6, where the gradient jumps. A network of 9 million activations may have one within rounding
of a kink, so that the last bit of a sum decides on which side it falls, and the map of an early layer then differs
by 0.002 between two correct programs, TensorFlow with and without oneDNN among them. The shipped weights are rounded
so that this does not happen on these photos (see make_efficientnet_lite0.py). What may happen on others is
measured here, by Grad-CAM with every weight moved by about one rounding: the `spread` of a map.
"""

from __future__ import annotations

import argparse
import json
import os
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np
import tensorflow as tf
from aucmedi.xai.methods.gradcam import GradCAM
from keras_model import keras_model
from PIL import Image

ROOT = Path(__file__).resolve().parent.parent
LAYERS = ["head_relu", "block10_add", "block5_depthwise_relu", "stem_relu"]
LOGIT_LAYERS = ["head_relu"]
EPS = 1e-8
TOLERANCE = 1e-4
JITTERS = 8
JITTER = 1.2e-7  # relative, one unit in the last place of a float32


@dataclass(frozen=True)
class Input:
    """A photo, and the class to explain."""

    name: str
    photo: str
    class_index: int


INPUTS = [Input("chelsea", "chelsea.png", 285), Input("coffee", "coffee.png", 967)]


def read_input(photos: Path, source: Input) -> np.ndarray:
    """Return an input as the model sees it before scaling: uint8 [224, 224, 3], squashed, bicubic."""
    with Image.open(photos / source.photo) as photo:
        return np.asarray(photo.convert("RGB").resize((224, 224), Image.Resampling.BICUBIC))


def preprocess(pixels: np.ndarray) -> np.ndarray:
    """Scale pixels as the model was trained: [224, 224, 3] → [1, 224, 224, 3]."""
    return ((pixels.astype(np.float32) - 127) / 128)[np.newaxis]


def logit_model(model: keras.Model) -> keras.Model:
    """Return the model without its softmax, with the same layers and weights before it."""
    last = model.layers[-1]
    logits = keras.layers.Dense(last.units, name="logits")
    twin = keras.Model(model.inputs, logits(last.input))
    logits.set_weights(last.get_weights())
    return twin


def raw_maps(model: keras.Model, layers: list[str], x: np.ndarray, class_index: int) -> list[np.ndarray]:
    """Return the Grad-CAM maps before normalisation, each [h, w]: Σₖ Aₖ · mean(∂ score / ∂ Aₖ)."""
    split = keras.Model(model.inputs, [*(model.get_layer(layer).output for layer in layers), model.output])
    with tf.GradientTape() as tape:
        *activations, scores = split([x])
        score = scores[:, class_index]
    gradients = tape.gradient(score, activations)
    return [
        tf.linalg.matvec(activation[0], tf.reduce_mean(gradient, axis=(0, 1, 2))).numpy()
        for activation, gradient in zip(activations, gradients, strict=True)
    ]


def normalize(raw: np.ndarray) -> np.ndarray:
    return (raw - raw.min()) / (raw.max() - raw.min() + EPS)


def jittered(model: keras.Model, seed: int) -> keras.Model:
    """Return a copy of a model, every weight moved by about one rounding."""
    rng = np.random.default_rng(seed)
    twin = keras.models.clone_model(model)
    twin.set_weights(
        [
            (weight * (1 + JITTER * rng.standard_normal(weight.shape))).astype(np.float32)
            for weight in model.get_weights()
        ]
    )
    return twin


def spreads(maps: list[np.ndarray], others: list[list[np.ndarray]]) -> list[float]:
    """Return for each map how far the same map of any other run lies from it."""
    return [
        max(float(np.abs(normalize(run[i]) - normalize(raw)).max()) for run in others) for i, raw in enumerate(maps)
    ]


def default_photos() -> Path:
    import skimage

    return Path(skimage.__file__).parent / "data"


def main() -> None:
    parser = argparse.ArgumentParser(description="Make golden heatmaps with AUCMEDI.")
    parser.add_argument("--model", type=Path, default=ROOT / "models/efficientnet_lite0", help="layers model")
    parser.add_argument("--photos", type=Path, help="folder with chelsea.png and coffee.png")
    parser.add_argument("--out", type=Path, default=ROOT / "testdata/goldens/efficientnet_lite0")
    arguments = parser.parse_args()

    photos = arguments.photos or default_photos()
    out: Path = arguments.out
    out.mkdir(parents=True, exist_ok=True)
    model = keras_model(arguments.model)
    scored = {"output": (model, LAYERS), "logit": (logit_model(model), LOGIT_LAYERS)}
    jitters = {kind: [jittered(model, seed) for seed in range(JITTERS)] for kind, (model, _) in scored.items()}
    inputs: list[dict[str, Any]] = []
    maps: list[dict[str, Any]] = []

    def save(name: str, values: np.ndarray) -> str:
        (out / name).write_bytes(values.astype("<f4").tobytes())
        return name

    for source in INPUTS:
        pixels = read_input(photos, source)
        (out / f"{source.name}.input.u8").write_bytes(pixels.tobytes())
        inputs.append({**asdict(source), "file": f"{source.name}.input.u8", "shape": list(pixels.shape)})
        x = preprocess(pixels)
        for kind, (scorer, layers) in scored.items():
            score = float(scorer([x])[0, source.class_index])
            raws = raw_maps(scorer, layers, x, source.class_index)
            others = [raw_maps(twin, layers, x, source.class_index) for twin in jitters[kind]]
            for layer, raw, spread in zip(layers, raws, spreads(raws, others), strict=True):
                heatmap = GradCAM(scorer, layer).compute_heatmap(x, source.class_index, eps=EPS)
                np.testing.assert_allclose(normalize(raw), heatmap, atol=1e-5)
                stem = f"{source.name}.{layer}" + ("" if kind == "output" else f".{kind}")
                maps.append(
                    {
                        "input": source.name,
                        "layer": layer,
                        "classIndex": source.class_index,
                        "scoreKind": kind,
                        "score": score,
                        "height": heatmap.shape[0],
                        "width": heatmap.shape[1],
                        "spread": float(f"{spread:.1e}"),
                        "map": save(f"{stem}.f32", heatmap),
                        "raw": save(f"{stem}.raw.f32", raw),
                    }
                )
                print(f"{stem}: score {score:.6f}, raw {raw.min():.3g} … {raw.max():.3g}, spread {spread:.1e}")

    index = {
        "model": "efficientnet_lite0",
        "reference": {
            "aucmedi": version("aucmedi"),
            "tensorflow": tf.__version__,
            "keras": keras.__version__,
            "pillow": version("pillow"),
        },
        "eps": EPS,
        "tolerance": TOLERANCE,
        "preprocessing": {"mean": [127], "std": [128]},
        "inputs": inputs,
        "maps": maps,
    }
    (out / "index.json").write_text(json.dumps(index, indent=2) + "\n")


if __name__ == "__main__":
    main()
