"""Make testdata/onnx: small networks of PyTorch as ONNX files, and the maps that PyTorch's autograd gives.

    pip install torch==2.13.0 onnx==1.23.2 onnxscript==0.7.2 onnxruntime==1.32.0
    python tools/make_onnx.py [NAME …]

Weights are random, from fixed seeds. A network comes in several forms: by the older exporter (`torchscript17`, at
opset 17) and by the newer (`dynamo18`, `newest`), with weights in a file of their own, in half precision, quantised.
Each file is run by ONNX Runtime too, whose scores must be PyTorch's.

A map that hangs on a rounding error is of no use as a golden: all are computed again with every weight moved by about
one rounding, and must stay. README.md in testdata/onnx says how the maps are defined.
"""

from __future__ import annotations

import argparse
import base64
import copy
import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import torch
from onnx.reference import ReferenceEvaluator
from onnx_convolutional import CONVOLUTIONAL
from onnx_forms import Form, dequantised, export, rounded
from onnx_network import Layer, Network, as_batch, build, draw_picture
from onnx_transformers import TRANSFORMERS
from torch import nn

ROOT = Path(__file__).resolve().parent.parent
NETWORKS = [*CONVOLUTIONAL, *TRANSFORMERS]
JITTER = 1.2e-7
STEADINESS = 1e-5
#: How far ONNX Runtime may be from PyTorch, by precision: it rounds activations too.
AGREEMENT = {"float32": 2e-5, "bfloat16": 2e-5, "float16": 0.03, "qdq": 0.4, "qoperator": 0.4, "dynamic": 0.4}


def per_class(output: torch.Tensor) -> torch.Tensor:
    """Return one score a class: of a picture of scores the means over all pixels."""
    return output.mean((2, 3))[0] if output.ndim == 4 else output[0]


def raw_map(model: nn.Module, layer: Layer, x: torch.Tensor, score: Any) -> np.ndarray:
    """Return Grad-CAM's map before ReLU and scaling, [h, w]: Σ_k mean(∂ y / ∂ A_k) · A_k."""
    kept: list[torch.Tensor] = []

    def keep(_module: nn.Module, _given: Any, value: torch.Tensor) -> torch.Tensor:
        kept.append(value.detach().requires_grad_())
        return kept[0].clone()  # what follows may change it in place

    handle = model.get_submodule(layer.path).register_forward_hook(keep)
    try:
        y = score(per_class(model(x)))
    finally:
        handle.remove()
    if len(kept) != 1:
        raise ValueError(f"{layer.path} is called {len(kept)} times")
    gradient = as_grid(layer, torch.autograd.grad(y, kept[0])[0])
    activation = as_grid(layer, kept[0].detach())
    weights = gradient.mean((0, 1))  # [c]
    return (activation * weights).sum(-1).numpy()


def as_grid(layer: Layer, value: torch.Tensor) -> torch.Tensor:
    """Return what leaves a layer as [h, w, c]."""
    height, width = layer.grid
    if layer.kind == "spatial":
        return value[0].permute(1, 2, 0)
    if layer.kind == "last":
        return value[0]
    if layer.kind == "tokens":
        return value[0, layer.prefix :].reshape(height, width, -1)
    side = layer.window
    value = value.reshape(height // side, width // side, side, side, -1).permute(0, 2, 1, 3, 4)
    return torch.roll(value.reshape(height, width, -1), (layer.shift, layer.shift), (0, 1))


def jittered(model: nn.Module) -> nn.Module:
    generator = torch.Generator().manual_seed(3)
    model = copy.deepcopy(model)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter *= 1 + JITTER * torch.empty_like(parameter).uniform_(-1, 1, generator=generator)
    return model


def encode(values: np.ndarray) -> str:
    return base64.b64encode(np.ascontiguousarray(values, "<f4").tobytes()).decode()


def golden_map(model: nn.Module, layer: Layer, x: torch.Tensor, score: Any) -> dict[str, Any]:
    raw = raw_map(model, layer, x, score)
    largest = np.abs(raw).max()
    moved = np.abs(raw_map(jittered(model), layer, x, score) - raw).max() / largest
    if not largest > 1e-6 or raw.std() < 0.02 * largest:
        raise ValueError(f"The map at {layer.path} says nothing: {raw}")
    if moved > STEADINESS:
        raise ValueError(f"The map at {layer.path} hangs on rounding: it moves by {moved:.1e}")
    first = {"layer": layer.path, "kind": layer.kind}
    if layer.kind == "tokens":
        first["prefix"] = layer.prefix
    if layer.convolution:
        first["convolution"] = layer.convolution
    return {**first, "height": raw.shape[0], "width": raw.shape[1], "raw": encode(raw)}


def golden(network: Network, model: nn.Module, x: torch.Tensor) -> dict[str, Any]:
    with torch.no_grad():
        scores = per_class(model(x))
    best, second = scores.sort(descending=True).values[:2].tolist()
    if best - second < 0.02 * scores.abs().max() or scores.abs().max() > 20:
        raise ValueError(f"The scores of {network.name} are too near or too large: {scores}")
    index = int(scores.argmax())
    maps = [golden_map(model, layer, x, lambda scores: scores[index]) for layer in network.layers]
    return {
        "scores": [float(f"{value:.8g}") for value in scores.tolist()],
        "classIndex": index,
        "maps": maps,
        **({"like": likeness(network, model, x)} if network.embeds else {}),
    }


def likeness(network: Network, model: nn.Module, x: torch.Tensor) -> dict[str, Any]:
    """Return the maps of how like another picture's embedding that of the picture is: their cosine."""
    other = as_batch(draw_picture(*network.size, seed=8))
    with torch.no_grad():
        embedding = per_class(model(other))

    def score(scores: torch.Tensor) -> torch.Tensor:
        return torch.dot(scores, embedding) / (scores.norm() * embedding.norm())

    with torch.no_grad():
        cosine = score(per_class(model(x))).item()
    maps = [golden_map(model, layer, x, score) for layer in network.layers]
    return {"embedding": [float(f"{value:.9g}") for value in embedding.tolist()], "score": cosine, "maps": maps}


def runtime_scores(path: Path, x: torch.Tensor, form: Form) -> np.ndarray:
    """Return what ONNX Runtime makes of a file; in double precision, which it lacks, ONNX's own reference."""
    if form.has("float64"):
        (output,) = ReferenceEvaluator(str(path)).run(None, {"pixel_values": x.numpy().astype(np.float64)})
    else:
        session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
        kind = np.float16 if form.precision == "float16" else np.float32
        (output,) = session.run(None, {"pixel_values": x.numpy().astype(kind)})
    return per_class(torch.from_numpy(output.astype(np.float32))).numpy()


def make(folder: Path, network: Network) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    model = build(network)
    x = as_batch(draw_picture(*network.size))
    goldens: dict[str, Any] = {}
    forms: dict[str, Any] = {}
    for form in map(Form, network.forms):
        path = folder / f"{form.name}.onnx"
        export(model, x, form, path)
        is_quantised = form.precision in ("qdq", "qoperator", "dynamic")
        if form.precision not in goldens:
            of_form = dequantised(path, model) if is_quantised else rounded(model, form)
            goldens[form.precision] = golden(network, of_form, x)
        expected = np.array(goldens[form.precision]["scores"])
        difference = float(np.abs(runtime_scores(path, x, form) - expected).max() / max(1, np.abs(expected).max()))
        if not difference <= AGREEMENT[form.precision]:
            raise ValueError(f"ONNX Runtime gives other scores for {form.name}: {difference:.1e}")
        forms[form.name] = form.precision
        data = path.with_suffix(".onnx.data")
        size = path.stat().st_size + (data.stat().st_size if data.exists() else 0)
        print(f"  {form.name:26} {size / 1e3:6.0f} kB  ONNX Runtime differs by {difference:.0e}", flush=True)
    record = {
        "name": network.name,
        "about": (type(model).__doc__ or "").strip(),
        "torch": torch.__version__.partition("+")[0],
        "height": network.size[0],
        "width": network.size[1],
        "forms": forms,
        "goldens": goldens,
    }
    text = json.dumps(record, separators=(",", ":"), ensure_ascii=False)
    text = text.replace('{"layer"', '\n{"layer"').replace('"goldens"', '\n"goldens"')
    (folder / "golden.json").write_text(text + "\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="networks to make, all by default")
    parser.add_argument("--out", type=Path, default=ROOT / "testdata/onnx")
    arguments = parser.parse_args()
    failed = []
    for network in NETWORKS:
        if arguments.names and network.name not in arguments.names:
            continue
        print(network.name, flush=True)
        try:
            make(arguments.out / network.name, network)
        except Exception as error:  # noqa: BLE001
            failed.append(f"{network.name}: {str(error)[:600]}")
            print("  ", failed[-1], flush=True)
    for height, width in sorted({network.size for network in NETWORKS}):
        (arguments.out / f"input_{height}x{width}.f32").write_bytes(draw_picture(height, width).tobytes())
    if failed:
        raise SystemExit("\n".join(failed))


if __name__ == "__main__":
    main()
