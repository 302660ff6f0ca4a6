"""Make the goldens of testdata/goldens/methods: the maps of all methods by independent implementations.

Needs

    pip install tensorflow-cpu==2.21.0 keras==3.15.1 aucmedi==0.11.0 scikit-learn==1.9.1

and deno, which draws what is random (`draw_method_samples.ts`).

    python tools/make_method_goldens.py --work FOLDER

The maps are computed in TensorFlow and NumPy from the papers' formulas (`method_formulas.py`). AUCMEDI is run as it is for
what its variants are; its maps are scaled to 0 … 1. FOLDER keeps weights, activations and gradients for
`compare_method_packages.py`, which holds the same maps to pytorch-grad-cam, torch-cam and captum.

Each map is computed again with every weight moved by about one rounding; its `spread` tells how far it moves: rectifiers have
kinks, and what lies within rounding of one may fall on either side. Of maps as large as the embedded model's input the
numbers at every seventh row and column are kept.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
# With oneDNN TensorFlow 2.21 crashes in the gradients of convolutions as small as the zoo's.
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")

import keras
import method_formulas as formulas
import numpy as np
import tensorflow as tf
from aucmedi.xai.methods import xai_dict
from keras_model import keras_model
from method_formulas import Subject

ROOT = Path(__file__).resolve().parent.parent
JITTER = 1.2e-7
EVERY = 7
SETTINGS = {
    "samples": 12,
    "noise": 0.2,
    "steps": 6,
    "segments": 8,
    "cells": 3,
    "seed": 7,
    "window": 5,
    "stride": 3,
    "components": 3,
}
AUCMEDI_SETTINGS = {"variant": "aucmedi", "window": 4, "stride": 4, "steps": 6}

ONE_BACKWARD: dict[str, Callable[[Subject], np.ndarray]] = {
    "gradcam": formulas.gradcam,
    "gradcam++": formulas.gradcam_plus_plus,
    "xgradcam": formulas.xgradcam,
    "hirescam": formulas.hirescam,
    "gradcamelementwise": formulas.gradcam_elementwise,
    "layercam": formulas.layercam,
    "eigencam": formulas.eigencam,
    "eigengradcam": formulas.eigengradcam,
    "shapleycam": formulas.shapleycam,
    "fem": formulas.fem,
    "kpcacam": formulas.kpcacam,
}
PIXELS: dict[str, Callable[[Subject], np.ndarray]] = {
    "saliency": formulas.saliency,
    "inputxgradient": formulas.input_x_gradient,
    "guidedbackprop": formulas.guided_backprop,
    "deconvolution": formulas.deconvolution,
    "fullgrad": formulas.fullgrad,
}
NOISY = ("smoothgrad", "smoothgradsquared", "vargrad")  # each has noise of its own
AUCMEDI_NETWORKS = ("residual", "sigmoid_unit")  # it fails on Sequential models, and on a score that is linear
AUCMEDI = {
    "gradcam++": "gradcam++",
    "saliency": "saliency",
    "guidedbackprop": "gb",
    "guidedgradcam": "ggc",
    "integratedgradients": "IntegratedGradients",
}


@dataclass(frozen=True)
class Case:
    """A network, what it is shown, and what is asked of it."""

    network: str
    layers: tuple[str, ...]
    class_index: int
    score_kind: str = "output"
    photo: str | None = None
    stages: tuple[str, ...] = ()
    settings: dict[str, Any] = field(default_factory=lambda: dict(SETTINGS))

    @property
    def name(self) -> str:
        return f"{self.photo or self.network}.{self.score_kind}"

    @property
    def is_embedded(self) -> bool:
        return self.photo is not None


EMBEDDED = {"channels": 6, "steps": 2, "samples": 2, "noise": 0.1, "seed": 7, "window": 112, "stride": 56}
CASES = (
    Case("sequential", ("pool2", "conv2"), 1, stages=("pool2", "relu2", "conv1")),
    Case("residual", ("block2_relu", "block1_add"), 0, stages=("block2_relu", "block1_relu")),
    Case("residual", ("block2_relu", "stem"), 0, "logit", stages=("block2_relu", "block1_relu")),
    Case("sigmoid_unit", ("leaky", "conv2"), 0, stages=("leaky",)),
    Case("logits", ("third", "second_elu"), 2, stages=("third", "second_elu")),
    Case("depthwise_relu6", ("head_relu", "depthwise_relu"), 2, stages=("head_relu", "block_add")),
    Case("efficientnet_lite0", ("head_relu", "block10_add"), 285, photo="chelsea", settings=EMBEDDED),
    Case("efficientnet_lite0", ("head_relu", "block10_add"), 967, photo="coffee", settings=EMBEDDED),
)


def open_case(case: Case) -> tuple[keras.Model, np.ndarray]:
    if case.photo:
        pixels = np.fromfile(ROOT / f"testdata/goldens/efficientnet_lite0/{case.photo}.input.u8", np.uint8)
        model = keras_model(ROOT / "models/efficientnet_lite0")
        return model, ((pixels.astype(np.float32) - 127) / 128).reshape(1, 224, 224, 3)
    folder = ROOT / "testdata/zoo" / case.network
    model = keras.models.load_model(folder / "keras3.keras", compile=False)
    shape = json.loads((folder / "golden.json").read_text())["inputShape"]
    return model, np.fromfile(folder / "input.f32", "<f4").reshape(shape)


def draw(cases: list[Case], work: Path) -> None:
    """Have what is random drawn by the methods themselves."""
    requests = []
    for case in cases:
        _, x = open_case(case)
        x.tofile(work / f"{case.name}.x.f32")
        requests.append(
            {"name": case.name, "file": str(work / f"{case.name}.x.f32"), "shape": x.shape, "settings": case.settings}
        )
    script = ["run", "--allow-all", str(ROOT / "tools/draw_method_samples.ts")]
    subprocess.run(["deno", *script, str(work), json.dumps(requests)], check=True, cwd=ROOT)


def drawn(case: Case, x: np.ndarray, work: Path) -> dict[str, np.ndarray]:
    """Return masks [n, H, W], superpixels [H, W], which of them each sample shows, and noise [n, H, W, C]."""
    _, height, width, channels = x.shape
    read = lambda what: np.fromfile(work / f"{case.name}.{what}.f32", "<f4")
    labels = read("labels").reshape(height, width).astype(int)
    pixels = read("shown").reshape(-1, height, width)
    firsts = [np.argwhere(labels == at)[0] for at in range(labels.max() + 1)]
    return {
        "masks": read("masks").reshape(-1, height, width),
        "labels": labels,
        "shown": np.stack([pixels[:, y, x] for y, x in firsts], axis=1),
        **{name: read(name).reshape(-1, height, width, channels) for name in NOISY},
    }


def at_layer(case: Case) -> dict[str, Callable[[Subject], np.ndarray]]:
    channels = case.settings.get("channels", 0)
    return {
        **ONE_BACKWARD,
        "ablationcam": lambda subject: formulas.ablationcam(subject, channels),
        "scorecam": lambda subject: formulas.scorecam(subject, channels),
    }


def at_pixels(case: Case, draws: dict[str, np.ndarray]) -> dict[str, Callable[[Subject], np.ndarray]]:
    sigma = case.settings["noise"]
    window, stride = case.settings["window"], case.settings["stride"]
    maps = {
        **PIXELS,
        "guidedgradcam": formulas.guided_gradcam,
        "integratedgradients": lambda subject: formulas.integrated_gradients(subject, case.settings["steps"]),
        "occlusion": lambda subject: formulas.occlusion(subject, window, stride),
    }
    if case.is_embedded:
        return maps
    return {
        **maps,
        "smoothgrad": lambda subject: formulas.smoothgrad(subject, draws["smoothgrad"], sigma),
        "smoothgradsquared": lambda subject: formulas.smoothgrad_squared(subject, draws["smoothgradsquared"], sigma),
        "vargrad": lambda subject: formulas.vargrad(subject, draws["vargrad"], sigma),
        "rise": lambda subject: formulas.rise(subject, draws["masks"]),
        "lime": lambda subject: formulas.lime(subject, draws["labels"], draws["shown"]),
        "refinecam": lambda subject: formulas.refinecam(subject, list(case.stages)),
    }


@contextmanager
def jittered(model: keras.Model) -> Iterator[None]:
    """Move every weight by about one rounding, as long as the context lasts."""
    random, weights = np.random.default_rng(3), model.get_weights()
    moved = [(weight * (1 + JITTER * random.standard_normal(weight.shape))).astype(weight.dtype) for weight in weights]
    model.set_weights(moved)
    try:
        yield
    finally:
        model.set_weights(weights)


def by_aucmedi(subject: Subject, settings: dict[str, Any]) -> Iterator[tuple[str, np.ndarray]]:
    """Yield AUCMEDI's own maps, scaled to 0 … 1 but for those of occlusion."""
    model, x = subject.model, subject.x
    model.compile(loss="mse")  # it copies the optimizer and the loss
    for name, alias in AUCMEDI.items():
        explainer = xai_dict[alias](model, layerName=subject.layer)
        if name == "integratedgradients":
            explainer.num_steps = settings["steps"]
        yield name, explainer.compute_heatmap(x, subject.class_index)
    explainer = xai_dict["os"](model, patch_size=settings["window"])
    # It takes rows for columns: what lies beyond the square of the smaller side has no value.
    yield "occlusion", explainer.compute_heatmap(x, subject.class_index)


class Store:
    """Maps in one file, and what is known of each."""

    def __init__(self) -> None:
        self.maps: list[dict[str, Any]] = []
        self.values: list[np.ndarray] = []
        self.length = 0

    def add(self, raw: np.ndarray, spread: float | None = None, **known: Any) -> None:
        every = EVERY if raw.size > 40_000 else 1
        kept = raw[::every, ::every].astype("<f4")
        self.maps.append(
            {
                **known,
                "height": raw.shape[0],
                "width": raw.shape[1],
                **({"every": every, "sum": float(raw.sum())} if every > 1 else {}),
                "largest": float(np.abs(raw).max()),
                **({} if spread is None else {"spread": float(f"{spread:.1e}")}),
                "at": self.length,
            }
        )
        self.values.append(kept.ravel())
        self.length += kept.size

    def keep(self, work: Path, name: str) -> None:
        """Write the maps of one case where they are found again."""
        np.concatenate(self.values).tofile(work / f"{name}.maps.f32")
        (work / f"{name}.maps.json").write_text(json.dumps(self.maps))

    def take(self, work: Path, name: str) -> None:
        """Add the maps of a case."""
        maps = json.loads((work / f"{name}.maps.json").read_text())
        self.maps += [{**map, "at": map["at"] + self.length} if "at" in map else map for map in maps]
        self.values.append(np.fromfile(work / f"{name}.maps.f32", "<f4"))
        self.length += self.values[-1].size

    def write(self, out: Path, **known: Any) -> None:
        np.concatenate(self.values).tofile(out / "maps.f32")
        maps = ",\n".join(json.dumps(map, separators=(",", ":")) for map in self.maps)
        (out / "index.json").write_text(json.dumps(known, indent=2)[:-2] + f',\n  "maps": [\n{maps}\n]\n}}\n')


def make(case: Case, work: Path) -> None:
    store = Store()
    model, x = open_case(case)
    draws = {} if case.is_embedded else drawn(case, x, work)
    common = {
        "network": case.network,
        **({"photo": case.photo} if case.photo else {}),
        "classIndex": case.class_index,
        "scoreKind": case.score_kind,
    }
    kept: dict[str, np.ndarray] = {}
    for at, layer in enumerate(case.layers):
        subject = Subject(model, x, layer, case.class_index, case.score_kind == "logit")
        asked = {**at_layer(case), **(at_pixels(case, draws) if at == 0 else {})}
        raws = {name: compute(subject) for name, compute in asked.items()}
        with jittered(model):
            twin = Subject(model, x, layer, case.class_index, case.score_kind == "logit")
            moved = {name: compute(twin) for name, compute in asked.items()}
        for name, raw in raws.items():
            kept[f"{name}@{layer}"] = raw
            if not np.abs(raw).max() > 0:  # says nothing
                continue
            spread = np.abs(moved[name] - raw).max() / np.abs(raw).max()
            store.add(raw, spread, method=name, layer=layer, **common, settings=case.settings)
            if not np.isfinite(raw).all() or spread > 2e-5:
                print(case.name, layer, name, f"largest {np.abs(raw).max():.2g} spread {spread:.1e}")
        a, g = subject.at_layer()
        kept |= {f"a@{layer}": a, f"g@{layer}": g}
        if not case.is_embedded:
            error = formulas.factorization_error(subject, case.settings["components"])
            store.maps.append(
                {"method": "deepfeaturefactorization", "layer": layer, **common, "settings": case.settings, "error": error}
            )
        if at == 0 and not case.is_embedded and case.score_kind == "output" and case.network in AUCMEDI_NETWORKS:
            for name, map in by_aucmedi(subject, AUCMEDI_SETTINGS):
                is_scaled = name != "occlusion"
                store.add(map, method=name, layer=layer, **common, settings=AUCMEDI_SETTINGS, isScaled=is_scaled, package="aucmedi 0.11.0")
    weights = {f"w@{layer.name}@{i}": w for layer in model._flatten_layers() for i, w in enumerate(layer.get_weights())}
    np.savez(work / f"{case.name}.npz", x=x, **kept, **weights, **{f"draw@{k}": v for k, v in draws.items()})
    store.keep(work, case.name)
    print(case.name, len(store.maps), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--work", type=Path, required=True, help="folder for what the comparison with packages needs")
    parser.add_argument("--out", type=Path, default=ROOT / "testdata/goldens/methods")
    parser.add_argument("names", nargs="*", help="cases to make again, all by default")
    arguments = parser.parse_args()
    arguments.work.mkdir(parents=True, exist_ok=True)
    arguments.out.mkdir(parents=True, exist_ok=True)
    chosen = [case for case in CASES if not arguments.names or case.name in arguments.names]
    draw([case for case in chosen if not case.is_embedded], arguments.work)
    for case in chosen:
        make(case, arguments.work)
    store = Store()
    for case in CASES:
        store.take(arguments.work, case.name)
    packages = ("tensorflow", "keras", "numpy", "aucmedi", "scikit-learn")
    store.write(arguments.out, reference={package: version(package) for package in packages})


if __name__ == "__main__":
    main()
