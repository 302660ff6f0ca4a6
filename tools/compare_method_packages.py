"""Hold the goldens of testdata/goldens/methods to pytorch-grad-cam, torch-cam and captum.

Needs

    pip install torch==2.13.0 torchvision==0.28.0 grad-cam==1.5.7 captum==0.9.0 torchcam==0.5.0

    python tools/compare_method_packages.py --work FOLDER

after `make_method_goldens.py`, which fills FOLDER. Two networks are built again in PyTorch with the same weights
(`method_twins.py`), on which the packages run as they are; of all others, the embedded model among them, they are given the
layer's activation and gradient as TensorFlow has them. `packages.json` says for each map how far it is from the golden, as a
part of its largest magnitude, and where a package's formula is another, in what.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import torch
from method_twins import TWINS, Stub  # before all that imports torchvision
from torch import nn

import pytorch_grad_cam as pgc  # isort: skip
import torchcam.methods as torchcam  # isort: skip
from captum import attr  # isort: skip

ROOT = Path(__file__).resolve().parent.parent
CLOSE = 1e-4
GRAD_CAM, TORCH_CAM, CAPTUM = (f"{name} {version(name)}" for name in ("grad-cam", "torchcam", "captum"))
REASONS = {
    (GRAD_CAM, "gradcam++"): "adds 1e-6 to the denominator of α, which outweighs the squares of small gradients",
    (GRAD_CAM, "scorecam"): "enlarges its masks from corner to corner",
    (GRAD_CAM, "ablationcam"): "sets channels to far below 0 where the layer has negative values",
    (GRAD_CAM, "kpcacam"): "computes in single precision where the two largest eigenvalues differ by 2e-5 and less",
    (TORCH_CAM, "gradcam++"): "leaves α at g², since it divides a copy",
    (TORCH_CAM, "scorecam"): "scales its masks before it enlarges them",
    (TORCH_CAM, "xgradcam"): "adds 1e-8 to a sum that may be near 0",
}
BY_GRAD_CAM: dict[str, Callable[[Any, Any], pgc.base_cam.BaseCAM]] = {
    "gradcam": pgc.GradCAM,
    "gradcam++": pgc.GradCAMPlusPlus,
    "xgradcam": pgc.XGradCAM,
    "hirescam": pgc.HiResCAM,
    "gradcamelementwise": pgc.GradCAMElementWise,
    "layercam": pgc.LayerCAM,
    "eigencam": pgc.EigenCAM,
    "eigengradcam": pgc.EigenGradCAM,
    "fem": pgc.FEM,
    "kpcacam": lambda model, layers: pgc.KPCA_CAM(model, layers, kernel="rbf"),
}
NEEDS_NETWORK = {"shapleycam": pgc.ShapleyCAM, "ablationcam": pgc.AblationCAM, "scorecam": pgc.ScoreCAM}
BY_TORCH_CAM = {
    "gradcam": torchcam.GradCAM,
    "gradcam++": torchcam.GradCAMpp,
    "xgradcam": torchcam.XGradCAM,
    "layercam": torchcam.LayerCAM,
}
SIGNLESS = ("eigencam", "eigengradcam", "kpcacam")


class Target:
    """A class's score; of one output alone that."""

    def __init__(self, class_index: int) -> None:
        self.class_index = class_index

    def __call__(self, output: torch.Tensor) -> torch.Tensor:
        return output[self.class_index]


def raw_of(cam: Any, x: torch.Tensor, class_index: int) -> np.ndarray:
    """Return pytorch-grad-cam's map before it is cut off, scaled and enlarged, [h, w]."""
    targets = [Target(class_index)]
    x = x.clone().requires_grad_()
    output = cam.activations_and_grads(x)
    if cam.uses_gradients:
        loss = targets[0](output[0])
        if cam.detach:
            loss.backward()
        else:
            torch.autograd.grad(loss, x, retain_graph=True, create_graph=True)
    collected = cam.activations_and_grads
    activations, gradients = collected.activations[0], collected.gradients[0] if collected.gradients else None
    if cam.detach:
        activations = activations.cpu().data.numpy()
        gradients = None if gradients is None else gradients.cpu().data.numpy()
    image = cam.get_cam_image(x, cam.target_layers[0], targets, activations, gradients, False)
    for handle in collected.handles:
        handle.remove()
    collected.activations, collected.gradients = [], []  # else it fails to detach what is a view
    return np.asarray(image)[0]


def by_torch_cam(kind: Any, model: nn.Module, layer: nn.Module, x: torch.Tensor, class_index: int) -> np.ndarray:
    with kind(model, layer, input_shape=tuple(x.shape[1:])) as extractor:
        scores = model(x.clone().requires_grad_())
        return extractor(class_index, scores, normalized=False)[0].detach().numpy().reshape(-1, 1)


def fullgrad_of(model: nn.Module, x: torch.Tensor, class_index: int) -> np.ndarray:
    cam = pgc.FullGrad(model, [])
    x = x.clone().requires_grad_()
    cam.activations_and_grads(x)[0][class_index].backward()
    return cam.compute_cam_per_layer(x, None, False)[0].sum(0)


def at_pixels(
    model: nn.Module, layer: nn.Module, x: torch.Tensor, class_index: int, draws: dict[str, np.ndarray], told: dict[str, Any]
) -> Iterator[tuple[str, np.ndarray]]:
    """Yield captum's maps, channel by channel where it gives such."""
    def of(explainer: Any, at: torch.Tensor = x, **options: Any) -> np.ndarray:
        return explainer.attribute(at.clone().requires_grad_(), target=class_index, **options).detach().numpy()[0]

    black = torch.full_like(x, float(x.min()))
    yield "saliency", of(attr.Saliency(model)).max(0)
    yield "inputxgradient", of(attr.InputXGradient(model)).sum(0)
    yield "integratedgradients", of(
        attr.IntegratedGradients(model), baselines=black, method="riemann_middle", n_steps=told["steps"]
    ).sum(0)
    yield "guidedbackprop", of(attr.GuidedBackprop(model)).sum(0)
    yield "deconvolution", of(attr.Deconvolution(model)).sum(0)
    yield "guidedgradcam", of(attr.GuidedGradCam(model, layer), interpolate_mode="bilinear").sum(0)
    window, stride = told["window"], told["stride"]
    mean = x.mean((2, 3), keepdim=True).expand_as(x)
    occlusion = of(
        attr.Occlusion(model), sliding_window_shapes=(3, window, window), strides=(3, stride, stride), baselines=mean
    )
    yield "occlusion", occlusion[0]

    def noisy(method: str) -> np.ndarray:
        noise = torch.tensor(draws[method].transpose(0, 3, 1, 2)) * told["noise"] * (x.max() - x.min())
        return np.stack([of(attr.Saliency(model), x + one, abs=False) for one in noise])

    yield "smoothgrad", np.abs(noisy("smoothgrad").mean(0)).max(0)
    yield "smoothgradsquared", (noisy("smoothgradsquared") ** 2).mean(0).sum(0)
    yield "vargrad", noisy("vargrad").var(0).sum(0)


def compare(case: dict[str, Any], folder: Path) -> list[dict[str, Any]]:
    """Return how far the packages' maps of a network are from the goldens."""
    stored = dict(np.load(folder / f"{case['photo'] or case['network']}.{case['scoreKind']}.npz"))
    found: list[dict[str, Any]] = []

    def note(package: str, method: str, layer: str, map: np.ndarray, how: str, is_cut: bool = False) -> None:
        golden = stored[f"{method}@{layer}"]
        golden = np.maximum(golden, 0) if is_cut else golden
        map = map.reshape(golden.shape)
        if method in SIGNLESS:
            map = map * np.sign((map * golden).sum())
        largest = np.abs(golden).max()
        if largest == 0:
            return
        difference = float(np.abs(map - golden).max() / largest)
        reason = REASONS.get((package, method))
        known = {**{key: case[key] for key in ("network", "photo", "scoreKind") if case[key]}, "layer": layer}
        entry = {"method": method, "package": package, "on": how, **known, "difference": float(f"{difference:.1e}")}
        found.append({**entry, "reason": reason} if difference > CLOSE and reason else entry)

    x = torch.tensor(stored["x"].transpose(0, 3, 1, 2).copy())
    for layer in case["layers"]:
        stub = Stub(stored[f"a@{layer}"], stored[f"g@{layer}"])
        for method, kind in BY_GRAD_CAM.items():
            note(GRAD_CAM, method, layer, raw_of(kind(stub, [stub.layer]), x, 0), "activation and gradient")
        for method, kind in BY_TORCH_CAM.items():
            note(TORCH_CAM, method, layer, by_torch_cam(kind, stub, stub.layer, x, 0), "activation and gradient", True)
    if case["network"] not in TWINS:
        return found
    weights: dict[str, list[np.ndarray]] = {}
    for key in sorted(key for key in stored if key.startswith("w@")):
        weights.setdefault(key.split("@")[1], []).append(stored[key])
    model = TWINS[case["network"]](weights, case["scoreKind"] == "logit").eval()
    index = case["classIndex"]
    for at, layer in enumerate(case["layers"]):
        module = getattr(model, layer)
        for method, kind in {**BY_GRAD_CAM, **NEEDS_NETWORK}.items():
            note(GRAD_CAM, method, layer, raw_of(kind(model, [module]), x, index), "network")
        for method, kind in {**BY_TORCH_CAM, "scorecam": torchcam.ScoreCAM}.items():
            note(TORCH_CAM, method, layer, by_torch_cam(kind, model, module, x, index), "network", True)
        if at == 0:
            draws = {key[5:]: value for key, value in stored.items() if key.startswith("draw@")}
            for method, map in at_pixels(model, module, x, index, draws, case["settings"]):
                note(CAPTUM, method, layer, map, "network")
            note(GRAD_CAM, "fullgrad", layer, fullgrad_of(model, x, index), "network")
    return found


def cases_of(goldens: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return what was asked, without the layers that are asked for once."""
    cases: dict[str, dict[str, Any]] = {}
    for golden in goldens:
        if golden["settings"].get("variant") == "aucmedi":
            continue
        photo = golden.get("photo")
        key = f"{golden['network']} {photo} {golden['scoreKind']}"
        case = cases.setdefault(key, {**golden, "photo": photo, "layers": []})
        if golden["layer"] not in case["layers"]:
            case["layers"].append(golden["layer"])
    return list(cases.values())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--goldens", type=Path, default=ROOT / "testdata/goldens/methods")
    arguments = parser.parse_args()
    goldens = json.loads((arguments.goldens / "index.json").read_text())["maps"]
    found = [entry for case in cases_of(goldens) for entry in compare(case, arguments.work)]
    lines = ",\n".join(json.dumps(entry, separators=(",", ":"), ensure_ascii=False) for entry in found)
    (arguments.goldens / "packages.json").write_text(f"[\n{lines}\n]\n")
    for entry in found:
        if entry["difference"] > CLOSE:
            print({key: entry[key] for key in ("package", "method", "on", "network", "layer", "difference")}, entry.get("reason"))
    close = sum(entry["difference"] <= CLOSE for entry in found)
    print(f"{close} of {len(found)} maps agree to {CLOSE}")


if __name__ == "__main__":
    main()
