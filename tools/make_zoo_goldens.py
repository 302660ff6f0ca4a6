"""Make the golden maps of testdata/zoo with AUCMEDI, the reference for the algorithm.

Needs

    pip install tensorflow-cpu==2.21.0 keras==3.15.1 aucmedi==0.11.0

    python tools/make_zoo_goldens.py

after `make_zoo.py`, which writes the models; and then `deno run -A tools/name_zoo_nodes.ts`, which adds the names of
the graphs' nodes. The same networks are built here with Keras 3; that their weights are those of the layers models is
checked. AUCMEDI is run as it is, with its default eps. It gives no map before normalisation and has no option for the
logit, and it fails on Sequential, nested and shared layers, on several inputs or outputs and on pictures of scores:
those come from the same formula on TensorFlow, which must agree with AUCMEDI wherever that runs.

A map that hangs on a rounding error is of no use as a golden: all are computed again with every weight moved by
about one rounding, and must stay.
"""

from __future__ import annotations

import argparse
import json
import os
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
# With oneDNN TensorFlow 2.21 crashes in the gradients of convolutions as small as these.
os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"

import keras
import numpy as np
import tensorflow as tf
from layers_model import read_layers_model
from zoo_chain import Network
from zoo_networks import NETWORKS
from zoo_reference import (
    Box,
    Values,
    default_layer,
    end_of,
    find_layer,
    fingerprint,
    grad_cam,
    normalize,
    output_names,
    per_class,
    run_aucmedi,
    steadied,
    without_activation,
)
from zoo_weights import build, draw_inputs, leaves

ROOT = Path(__file__).resolve().parent.parent
FORMS = ("keras3.keras", "keras3.h5", "keras2.h5", "keras2.keras", "layers", "graph", "tf2onnx.onnx")
AGREEMENT = 1e-6
STEADINESS = 5e-6
JITTER = 1.2e-7  # relative, one unit in the last place of a float32


@dataclass(frozen=True)
class Question:
    """What a map answers."""

    layer: str
    class_index: int
    output: int
    score_kind: str = "output"
    box: Box | None = None


def golden_map(network: Network, model: keras.Model, x: Values, question: Question) -> dict[str, Any] | None:
    layer, class_index, output, box = question.layer, question.class_index, question.output, question.box
    image = (x[0] if isinstance(x, list) else x).shape[1:3]
    is_logit = question.score_kind == "logit"

    def compute() -> tuple[np.ndarray, float] | None:
        return grad_cam(model, layer, x, class_index, output, box, image)

    with without_activation(end_of(model.outputs[output])) if is_logit else nullcontext():
        found = compute()
        if found is None:
            return None
        raw, score = found
        try:
            steadied(model, compute, raw, JITTER, STEADINESS)
        except ValueError as error:
            raise ValueError(f"At {layer}: {error}") from error
    by_aucmedi = None if is_logit else run_aucmedi(model, layer, x, class_index)
    if by_aucmedi is not None:
        np.testing.assert_allclose(normalize(raw), by_aucmedi, rtol=0, atol=AGREEMENT)
    return {
        "layer": layer,
        "output": output,
        "outputName": output_names(model)[output],
        "classIndex": class_index,
        "scoreKind": question.score_kind,
        **({"box": dict(zip(("x", "y", "width", "height"), box, strict=True))} if box else {}),
        "score": score,
        "madeBy": "the same formula on TensorFlow" if by_aucmedi is None else "AUCMEDI 0.11",
        "height": raw.shape[0],
        "width": raw.shape[1],
        "raw": plain(raw),
        **({} if by_aucmedi is None else {"map": plain(by_aucmedi)}),
    }


def opposite(golden: dict[str, Any]) -> dict[str, Any]:
    """Return the map of the other class of a single sigmoid unit, whose score is 1 − p."""
    logit = golden["scoreKind"] == "logit"
    turned = {"classIndex": 1, "score": -golden["score"] if logit else 1 - golden["score"]}
    raw = [-value for value in golden["raw"]]
    rest = {key: value for key, value in golden.items() if key != "map"}
    return {**rest, **turned, "madeBy": "the map of class 0 with its sign turned", "raw": raw}


def plain(values: np.ndarray, digits: int = 6) -> list[float]:
    """Return numbers with six significant digits, a tenth of the strictest tolerance and less."""
    return [float(f"{value:.{digits}g}") for value in np.ravel(values)]


def questions(network: Network, default: str, scores: np.ndarray, output: int, end: Any) -> list[Question]:
    """Return what is asked: two classes and the logit at the default layer, the class with the highest score inside."""
    best, *others = [int(index) for index in np.argsort(-scores)[:2]]
    at_default = [Question(default, index, output) for index in (best, *others)]
    if end is not None and end.name != default:
        at_default.append(Question(default, best, output, "logit"))
    if network.box:
        at_default += [Question(default, best, output, "output", network.box)]
    return at_default + [Question(layer, best, output) for layer in network.layers]


def maps_of(network: Network, model: keras.Model, x: Values, results: list[Any], default: str) -> list[dict[str, Any]]:
    maps = []
    for output, (result, tensor) in enumerate(zip(results, model.outputs, strict=True)):
        end = end_of(tensor)
        scores = np.asarray(per_class(result))[0]
        check_scores(scores, end)
        is_unit = len(scores) == 1 and end is not None
        for question in questions(network, default, scores, output, end):
            golden = golden_map(network, model, x, question)
            if golden is None:
                continue
            golden = {**golden, "default": question.layer == default}
            maps += [golden, opposite(golden)] if is_unit and golden["default"] else [golden]
    return maps


def check_scores(scores: np.ndarray, end: Any) -> None:
    """Raise an error if an activation is so sure that its gradient says little."""
    if end is not None and not all(0.02 < score < 0.95 for score in np.sort(scores)[-2:]):
        raise ValueError(f"The scores {scores} are saturated: choose another seed")


def check_layers(network: Network, model: keras.Model) -> None:
    for layer in network.layers:
        find_layer(model, layer)


def check_weights(directory: Path, model: keras.Model) -> None:
    """Raise an error unless the layers model holds the weights of this one."""
    if not (directory / "layers").exists():
        return
    _, shipped = read_layers_model(directory / "layers")
    ours = [value.astype(np.float32).tobytes() for _, layer in leaves(model) for value in layer.get_weights()]
    if sorted(ours) != sorted(value.tobytes() for value in shipped.values()):
        raise ValueError(f"The weights of {directory} are others: run make_zoo.py again")


def absent(network: Network) -> dict[str, str]:
    reasons = {form: network.why_absent(form) for form in FORMS}
    return {form: reason for form, reason in reasons.items() if reason}


def make(directory: Path, network: Network) -> None:
    model = build(keras, network)
    check_weights(directory, model)
    check_layers(network, model)
    values = draw_inputs(network, model)
    if values[network.image].tobytes() != (directory / "input.f32").read_bytes():
        raise ValueError(f"The input of {directory} is another: run make_zoo.py again")
    x: Values = list(values.values()) if len(values) > 1 else values[network.image]
    results = model(x, training=False)
    results = results if isinstance(results, list) else [results]
    default, is_passed_over = default_layer(model)
    maps = maps_of(network, model, x, results, default) if default else []
    others = {name: value for name, value in values.items() if name != network.image}
    golden = {
        "name": network.name,
        "keras": keras.__version__,
        "tensorflow": tf.__version__,
        "absent": absent(network),
        "input": network.image,
        "inputShape": values[network.image].shape,
        "inputs": {name: {"shape": value.shape, "values": plain(value, 9)} for name, value in others.items()},
        "defaultLayer": default,
        "passedOver": is_passed_over,
        "outputs": [
            {"name": name, "values": plain(per_class(result))}
            for name, result in zip(output_names(model), results, strict=True)
        ],
        "layers": {layer: fingerprint(model, layer, x) for layer in dict.fromkeys(map["layer"] for map in maps)},
        "maps": maps,
    }
    text = json.dumps(golden, separators=(",", ":")).replace('{"layer"', '\n{"layer"')
    (directory / "golden.json").write_text(text + "\n")
    by_aucmedi = sum(golden["madeBy"].startswith("AUCMEDI") for golden in maps)
    print(network.name, default, f"{len(maps)} maps, {by_aucmedi} by AUCMEDI")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="networks to explain, all by default")
    parser.add_argument("--zoo", type=Path, default=ROOT / "testdata/zoo")
    arguments = parser.parse_args()
    failed = []
    for network in NETWORKS:
        if not arguments.names or network.name in arguments.names:
            try:
                make(arguments.zoo / network.name, network)
            except Exception as error:
                failed.append(f"{network.name}: {str(error)[:400]}")
    if failed:
        raise SystemExit("\n".join(failed))


if __name__ == "__main__":
    main()
