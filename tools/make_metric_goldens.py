"""Make the goldens of testdata/metrics: numbers of metrics by independent implementations, of a picture and maps given as arrays.

Needs

    pip install quantus==0.6.0 captum==0.9.0 torchcam==0.5.0 grad-cam==1.5.7 scipy torch torchvision scikit-learn

    python tools/make_metric_goldens.py

and, in an environment of its own since TensorFlow belongs to it,

    pip install xplique==2.0.2 tensorflow
    python tools/make_metric_goldens.py --xplique

which adds what xplique finds to the file.

The model is a softmax over two logits, that of one linear layer over the picture's numbers and 0; black is the number 0. What is
random, the parts that are hidden and the noise, is drawn here and stands in the file.
"""

from __future__ import annotations

import json
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

HEIGHT, WIDTH, CHANNELS = 6, 8, 3
FILE = Path(__file__).parent.parent / "testdata" / "metrics" / "goldens.json"


def draw() -> dict[str, Any]:
    """The picture, the model's weights, maps, and what is random. Pictures are [H, W, C]."""
    random = np.random.default_rng(18)
    shape = (HEIGHT, WIDTH)
    picture = random.uniform(0.1, 1, (*shape, CHANNELS)).astype(np.float32)
    weights = random.normal(0, 0.35, (*shape, CHANNELS)).astype(np.float32)
    good = np.abs((picture * weights).sum(-1)).astype(np.float32)
    truth = np.zeros(shape, np.uint8)
    truth[1:4, 2:6] = 1
    masks = np.zeros((40, *shape), np.float32)
    for mask in masks:
        rows, columns = random.integers(1, 4), random.integers(1, 5)
        top, left = random.integers(0, HEIGHT - rows + 1), random.integers(0, WIDTH - columns + 1)
        mask[top : top + rows, left : left + columns] = 1
    gaps = np.zeros((5, *shape), np.uint8)
    gaps[0, 1:5, 1:7] = 1  # one hole
    gaps[1] = random.uniform(size=shape) < 0.5  # scattered
    gaps[2, :, :4] = 1  # up to three edges
    gaps[3] = 1
    gaps[3, 5, 7] = 0  # all but a corner
    gaps[4, 0, 0] = 1  # a corner alone
    return {
        "picture": picture,
        "weights": weights,
        "maps": {
            "good": good,
            "random": random.permutation(good.ravel()).reshape(shape),
            # Cut at zero, so that two thirds are equal.
            "cut": np.maximum(good - np.quantile(good, 2 / 3), 0).astype(np.float32),
        },
        "truth": truth,
        "masks": masks,
        "gaps": gaps,
        "noise": random.uniform(-0.02, 0.02, (10, *shape, CHANNELS)).astype(np.float32),
    }


def plain(value: Any) -> Any:
    """Arrays as lists, numbers with as many digits as a float32 has."""
    if isinstance(value, dict):
        return {key: plain(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(inner) for inner in value]
    if isinstance(value, np.ndarray):
        flat = value.ravel()
        return [int(one) if value.dtype == np.uint8 else float(f"{one:.9g}") for one in flat]
    if isinstance(value, (float, np.floating)):
        return float(f"{float(value):.9g}")
    return value.item() if isinstance(value, np.generic) else value


def by_torch(drawn: dict[str, Any]) -> dict[str, Any]:
    import captum.metrics
    import pytorch_grad_cam.metrics.road as road
    import quantus
    import torch
    from scipy.stats import pearsonr, spearmanr

    picture = torch.from_numpy(drawn["picture"]).permute(2, 0, 1)[None]
    weights = torch.from_numpy(drawn["weights"]).permute(2, 0, 1).ravel()

    class Model(torch.nn.Module):
        def forward(self, x: torch.Tensor) -> torch.Tensor:
            logit = x.reshape(x.shape[0], -1) @ weights
            return torch.softmax(torch.stack([logit, torch.zeros_like(logit)], 1), 1)

    model = Model().eval()
    score = lambda x: model(x)[:, 0]
    found: dict[str, Any] = {}
    for name, map in drawn["maps"].items():
        a_batch = map[None, None].astype(np.float64)
        asked = {
            "model": model,
            "x_batch": picture.numpy(),
            "y_batch": np.array([0]),
            "s_batch": drawn["truth"][None, None],
            "channel_first": True,
            "softmax": False,
            "device": "cpu",
        }
        ask = lambda metric: metric(a_batch=a_batch.copy(), **asked)[0]
        common = {"disable_warnings": True, "display_progressbar": False}
        spread = {**common, "normalise": False, "abs": False}
        # Of each pixel all channels are hidden, as they are ranked alike: three features of equal value in a row.
        flipped = quantus.PixelFlipping(features_in_step=CHANNELS, perturb_baseline=0.0, **spread)
        inserted = quantus.Monotonicity(features_in_step=CHANNELS, perturb_baseline=0.0, **spread)
        drops, sums = [], []
        for mask in drawn["masks"]:
            hidden = torch.from_numpy(mask)
            drops.append(float(score(picture) - score(picture * (1 - hidden))))
            sums.append(float((map * mask).sum()))
        state = iter(drawn["masks"])

        def hide(x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
            hidden = torch.from_numpy(next(state)).expand_as(x)
            return hidden, x * (1 - hidden)

        infidelity = captum.metrics.infidelity(
            score,
            hide,
            picture,
            torch.from_numpy(map).expand(1, CHANNELS, HEIGHT, WIDTH) / CHANNELS,
            n_perturb_samples=len(drawn["masks"]),
            max_examples_per_batch=1,
            normalize=True,
        )
        scaled = (map - map.min()) / (map.max() - map.min())
        seen = score(picture * torch.from_numpy(scaled))
        found[name] = {
            "quantus PixelFlipping": ask(flipped),
            "quantus Monotonicity": bool(ask(inserted)),
            "quantus PointingGame": float(ask(quantus.PointingGame(**spread))),
            "quantus RelevanceRankAccuracy": float(ask(quantus.RelevanceRankAccuracy(**spread))),
            "quantus RelevanceMassAccuracy": float(ask(quantus.RelevanceMassAccuracy(**spread))),
            "quantus Sparseness": float(ask(quantus.Sparseness(**spread))),
            "quantus Complexity": float(ask(quantus.Complexity(**spread))),
            "captum infidelity": float(infidelity),
            "scipy pearsonr": float(pearsonr(sums, drops)[0]),
            "scipy spearmanr": float(spearmanr(sums, drops)[0]),
            "seen through": float(seen),
        }
    def gradient(inputs: Any) -> torch.Tensor:
        x = inputs[0] if isinstance(inputs, tuple) else inputs
        return (picture_gradient(score, x) * x).sum(1, keepdim=True)

    noise = iter(torch.from_numpy(drawn["noise"]).permute(0, 3, 1, 2))
    sensitivity = captum.metrics.sensitivity_max(
        gradient,
        picture,
        perturb_func=lambda x: x + next(noise)[None],
        n_perturb_samples=len(drawn["noise"]),
        max_examples_per_batch=1,
    )
    imputer = road.NoisyLinearImputer(noise=0)
    filled = [imputer(picture[0], torch.from_numpy(1 - gap).float()) for gap in drawn["gaps"]]
    road.NoisyLinearImputer.__init__.__defaults__ = (0.0, road.neighbors_weights)  # what is random is left out
    target = [lambda output: output[0]]
    measures = {
        "ROADCombined": road.ROADCombined,
        "ROADMostRelevantFirstAverage": road.ROADMostRelevantFirstAverage,
        "ROADLeastRelevantFirstAverage": road.ROADLeastRelevantFirstAverage,
    }
    for name in ("good", "random"):
        for title, metric in measures.items():
            value = metric()(picture, drawn["maps"][name][None], target, model)
            found[name][f"pytorch-grad-cam {title}"] = float(value[0])
    return {
        "score": float(score(picture)),
        "found": found,
        "filled": [np.asarray(one.permute(1, 2, 0)) for one in filled],
        "captum sensitivity_max": float(sensitivity),
        "torch-cam": by_torchcam(model, picture, drawn),
        "versions": {
            name: version(name) for name in ("quantus", "captum", "torchcam", "grad-cam", "torch", "scipy")
        },
    }


def picture_gradient(score: Any, x: Any) -> Any:
    import torch

    with torch.enable_grad():
        x = x.detach().requires_grad_()
        return torch.autograd.grad(score(x).sum(), x)[0]


def by_torchcam(model: Any, picture: Any, drawn: dict[str, Any]) -> dict[str, Any]:
    """Average drop and increase in confidence, of maps that are given."""
    import torch
    from torchcam.metrics import ClassificationMetric

    class Given:
        def __init__(self, map: np.ndarray) -> None:
            self.model = model
            scaled = (map - map.min()) / (map.max() - map.min())
            self.map = torch.from_numpy(scaled)[None]

        def __call__(self, *_: Any, **__: Any) -> list[torch.Tensor]:
            return [self.map]

        def fuse_cams(self, cams: list[torch.Tensor]) -> torch.Tensor:
            return cams[0]

        def _hooks_off(self) -> Any:
            from contextlib import nullcontext

            return nullcontext()

    found = {}
    for name, map in drawn["maps"].items():
        metric = ClassificationMetric(Given(map))
        metric.update(picture, 0)
        found[name] = {key: float(value) for key, value in metric.summary().items()}
    return found


def by_xplique(drawn: dict[str, Any]) -> dict[str, Any]:
    """Deletion and insertion pixel by pixel, μFidelity of the parts that were drawn, and the scores of what a map lets through."""
    import tensorflow as tf
    from xplique.metrics import (
        AverageDropMetric,
        AverageGainMetric,
        AverageIncreaseMetric,
        Deletion,
        Insertion,
        MuFidelity,
    )

    class Given(MuFidelity):
        def _perturb_samples(self, inputs: Any, nb_perturbations: int) -> tuple[Any, Any]:
            seen = 1 - drawn["masks"][None, :, :, :, None]
            return tf.constant(inputs[:, None] * seen)[0], tf.constant(seen)

    weights = tf.constant(drawn["weights"].reshape(-1, 1))
    inputs = tf.keras.Input((HEIGHT, WIDTH, CHANNELS))
    logit = tf.keras.layers.Lambda(lambda x: tf.reshape(x, (-1, HEIGHT * WIDTH * CHANNELS)) @ weights)(inputs)
    both = tf.keras.layers.Lambda(lambda x: tf.nn.softmax(tf.concat([x, tf.zeros_like(x)], 1)))(logit)
    about = (tf.keras.Model(inputs, both), drawn["picture"][None], np.array([[1, 0]], np.float32))
    common = {"baseline_mode": 0.0}
    metrics = {
        "Deletion": Deletion(*about, **common, steps=-1),
        "Insertion": Insertion(*about, **common, steps=-1),
        "MuFidelity": Given(*about, **common, nb_samples=len(drawn["masks"])),
        "AverageDropMetric": AverageDropMetric(*about),
        "AverageGainMetric": AverageGainMetric(*about),
        "AverageIncreaseMetric": AverageIncreaseMetric(*about),
    }
    return {
        name: {title: float(metric.evaluate(map[None])) for title, metric in metrics.items()}
        for name, map in drawn["maps"].items()
    }


def main() -> None:
    drawn = draw()
    FILE.parent.mkdir(exist_ok=True)
    known = json.loads(FILE.read_text()) if FILE.exists() else {}
    if "--xplique" in sys.argv:
        versions = {**known["versions"], **{name: version(name) for name in ("xplique", "tensorflow")}}
        found = {**plain(drawn), "xplique": plain(by_xplique(drawn)), "versions": versions}
    else:
        found = {**plain(drawn), **plain(by_torch(drawn))}
        found["versions"] = {**known.get("versions", {}), **found["versions"]}
    FILE.write_text(json.dumps({**known, **found}) + "\n")


if __name__ == "__main__":
    main()
