"""Make the golden maps of testdata/zoo with AUCMEDI, the reference for the algorithm.

Needs

    pip install tensorflow-cpu==2.21.0 keras==3.15.1 aucmedi==0.11.0

    python tools/make_zoo_goldens.py

after `make_zoo.py`, which writes the models; and then `deno run -A tools/name_zoo_nodes.ts`, which adds the names of
the graphs' nodes. The same networks are built here with Keras 3; that their weights are those of the layers models is
checked. AUCMEDI is run as it is, with its default eps. It gives no map before normalisation and has no option for the
logit, and it fails on Sequential, nested and shared layers and on several outputs: those come from the same formula
on TensorFlow, which must agree with AUCMEDI wherever that runs.

A map that hangs on a rounding error is of no use as a golden: all are computed again with every weight moved by
about one rounding, and must stay.
"""

from __future__ import annotations

import argparse
import json
import os
from contextlib import contextmanager
from pathlib import Path
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
# With oneDNN TensorFlow 2.21 crashes in the gradients of convolutions as small as these.
os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"

import keras
import numpy as np
import tensorflow as tf
from aucmedi.xai.methods.gradcam import GradCAM
from layers_model import read_layers_model
from zoo_networks import NETWORKS, Network
from zoo_weights import build, leaves

ROOT = Path(__file__).resolve().parent.parent
EPS = 1e-8
AGREEMENT = 1e-6
STEADINESS = 2e-5
JITTER = 1.2e-7  # relative, one unit in the last place of a float32
ENDS = ("softmax", "sigmoid")


def find_layer(model: keras.Model, path: str) -> tuple[Any, int]:
    """Return the layer of a path such as `outer/inner`, and which of its calls `name:1` means."""
    path, _, use = path.partition(":")
    for name in path.split("/"):
        model = model.get_layer(name)
    return model, int(use or 0)


@contextmanager
def recorded(layer: Any, tape: tf.GradientTape):
    """Keep what a layer gives at each call, and let the tape lead to it, as long as the context lasts."""
    values: list[tf.Tensor] = []
    call = layer.call

    def record(*args: Any, **options: Any) -> tf.Tensor:
        value = tf.identity(call(*args, **options))
        tape.watch(value)
        values.append(value)
        return value

    layer.call = record
    try:
        yield values
    finally:
        layer.call = call


@contextmanager
def without_activation(layer: Any):
    activation = layer.activation
    layer.activation = keras.activations.linear
    try:
        yield
    finally:
        layer.activation = activation


def output_layers(model: keras.Model) -> list[Any]:
    """Return the layer that ends each output with a softmax or sigmoid, None for those without."""
    ends = {path: layer for path, layer in leaves(model) if activation_of(layer) in ENDS}
    if len(model.outputs) == 1:
        # The excitation's sigmoid is no end: only one whose result is the scores counts.
        last = [layer for layer in ends.values() if layer.output.shape[-1] == model.outputs[0].shape[-1]]
        return [last[-1] if last else None]
    return [ends[name] for name in output_names(model)]


def output_names(model: keras.Model) -> list[str]:
    return [model.layers[-1].name] if isinstance(model, keras.Sequential) else list(model.output_names)


def activation_of(layer: Any) -> str:
    return getattr(getattr(layer, "activation", None), "__name__", "")


def grad_cam(
    model: keras.Model, layer: str, x: np.ndarray, class_index: int, output: int = 0
) -> tuple[np.ndarray, float] | None:
    """Return the map of a layer before normalisation and the score, None if the score does not depend on it.

    A: activation [1, h, w, k]; S: score; map = Σ_k A_k · mean(∂S/∂A_k).
    """
    target, use = find_layer(model, layer)
    with tf.GradientTape() as tape, recorded(target, tape) as values:
        outputs = model(tf.constant(x), training=False)
        scores = outputs[output] if isinstance(outputs, list) else outputs
        score = scores[:, class_index]
    activation = values[use]
    gradient = tape.gradient(score, activation)
    if gradient is None:
        return None
    weights = tf.reduce_mean(gradient, axis=(0, 1, 2))
    return (activation[0] @ weights[..., tf.newaxis]).numpy()[..., 0], float(score[0])


def normalize(raw: np.ndarray) -> np.ndarray:
    return (raw - np.min(raw)) / ((raw.max() - raw.min()) + EPS)


def run_aucmedi(model: keras.Model, layer: str, x: np.ndarray, class_index: int) -> np.ndarray | None:
    """Return AUCMEDI's map, None where it cannot explain such a model."""
    target, use = find_layer(model, layer)
    fails = isinstance(model, keras.Sequential) or len(model.outputs) > 1 or isinstance(target, keras.Model)
    if fails or "/" in layer or use > 0 or len(target._inbound_nodes) > 1:
        return None
    return GradCAM(model, layer).compute_heatmap(x, class_index)


def default_layer(model: keras.Model) -> str | None:
    """Return AUCMEDI's choice, with inputs and outputs of one pixel passed over."""
    passed_over = {layer.name for layer in model.layers if tuple(layer.output.shape[1:3]) == (1, 1)}
    passed_over |= {layer.name for layer in model.layers if isinstance(layer, keras.layers.InputLayer)}
    spatial = [layer.name for layer in model.layers if len(layer.output.shape) == 4 and layer.name not in passed_over]
    chosen = spatial[-1] if spatial else None
    first_choice = GradCAM(model).layerName
    if first_choice not in passed_over and first_choice != chosen:
        raise ValueError(f"AUCMEDI chooses {first_choice}, not {chosen}")
    return chosen


def steadied(model: keras.Model, compute: Any, raw: np.ndarray) -> None:
    """Raise an error if a map depends on how sums are rounded."""
    weights = model.get_weights()
    random = np.random.default_rng(0)
    try:
        for _ in range(3):
            model.set_weights([w * (1 + JITTER * random.choice([-1, 1], w.shape)).astype(np.float32) for w in weights])
            spread = np.abs(compute()[0] - raw).max() / np.abs(raw).max()
            if spread > STEADINESS:
                raise ValueError(f"A map moves by {spread:.1e} of its maximum: choose another seed")
    finally:
        model.set_weights(weights)


def golden_map(
    model: keras.Model, layer: str, x: np.ndarray, class_index: int, output: int, score_kind: str
) -> dict[str, Any] | None:
    def compute() -> tuple[np.ndarray, float] | None:
        return grad_cam(model, layer, x, class_index, output)

    found = compute()
    if found is None:
        return None
    raw, score = found
    heatmap = normalize(raw)
    steadied(model, compute, raw)
    made_by = "the same formula on TensorFlow"
    by_aucmedi = run_aucmedi(model, layer, x, class_index) if score_kind == "output" else None
    if by_aucmedi is not None:
        np.testing.assert_allclose(heatmap, by_aucmedi, rtol=0, atol=AGREEMENT)
        heatmap, made_by = by_aucmedi, "AUCMEDI 0.11"
    return {
        "layer": layer,
        "default": False,
        "output": output,
        "outputName": output_names(model)[output],
        "classIndex": class_index,
        "scoreKind": score_kind,
        "score": score,
        "madeBy": made_by,
        "height": raw.shape[0],
        "width": raw.shape[1],
        "raw": plain(raw),
        "map": plain(heatmap, 5),
    }


def plain(values: np.ndarray, digits: int = 7) -> list[float]:
    """Return numbers with as many significant digits as a float32 holds, or fewer."""
    return [float(f"{value:.{digits}g}") for value in values.ravel()]


def check_weights(directory: Path, model: keras.Model) -> None:
    """Raise an error unless the layers model holds the weights of this one."""
    _, shipped = read_layers_model(directory / "layers")
    ours = [np.asarray(value).tobytes() for _, layer in leaves(model) for value in layer.get_weights()]
    if sorted(ours) != sorted(value.tobytes() for value in shipped.values()):
        raise ValueError(f"The weights of {directory} are others: run make_zoo.py again")


def make(directory: Path, network: Network) -> None:
    model = build(keras, network)
    check_weights(directory, model)
    shape = (1, *model.inputs[0].shape[1:])
    x = np.frombuffer((directory / "input.f32").read_bytes(), np.float32).reshape(shape)
    results = model(x, training=False)
    results = [result.numpy() for result in (results if isinstance(results, list) else [results])]
    default = default_layer(model)
    maps = []
    for output, (scores, end) in enumerate(zip(results, output_layers(model), strict=True)):
        ranking = [int(index) for index in np.argsort(-scores[0])[:2]]
        check_scores(scores[0], ranking, end)
        for layer in [default, *network.layers] if default else []:
            found = [golden_map(model, layer, x, index, output, "output") for index in ranking]
            if layer == default and end:
                with without_activation(end):
                    found.append(golden_map(model, layer, x, ranking[0], output, "logit"))
            maps += [{**golden, "default": layer == default} for golden in found if golden]
    golden = {
        "name": network.name,
        "keras": keras.__version__,
        "tensorflow": tf.__version__,
        "inputShape": shape,
        "defaultLayer": default,
        "outputs": [
            {"name": name, "values": plain(scores)} for name, scores in zip(output_names(model), results, strict=True)
        ],
        "maps": maps,
    }
    text = json.dumps(golden, separators=(",", ":")).replace('{"layer"', '\n{"layer"')
    (directory / "golden.json").write_text(text + "\n")
    by_aucmedi = sum(golden["madeBy"].startswith("AUCMEDI") for golden in maps)
    print(network.name, default, f"{len(maps)} maps, {by_aucmedi} by AUCMEDI")


def check_scores(scores: np.ndarray, ranking: list[int], end: Any) -> None:
    """Raise an error if an activation is so sure that its gradient says little."""
    if end is not None and not all(0.02 < scores[index] < 0.95 for index in ranking):
        raise ValueError(f"The scores {scores} are saturated: choose another seed")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="networks to explain, all by default")
    parser.add_argument("--zoo", type=Path, default=ROOT / "testdata/zoo")
    arguments = parser.parse_args()
    for network in NETWORKS:
        if not arguments.names or network.name in arguments.names:
            make(arguments.zoo / network.name, network)


if __name__ == "__main__":
    main()
