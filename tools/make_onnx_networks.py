"""Make torchvision's classifiers and 70 of timm's architectures as ONNX files, with what PyTorch gives beside them.

    pip install torch==2.13.0 torchvision==0.28.0 timm==1.0.31 onnx==1.23.2 onnxscript==0.7.2
    python tools/make_onnx_networks.py FOLDER [NAME …] [--exporter older --exporter newer] [--largest MILLIONS] [--check]

Weights are random, from a fixed seed. Beside NAME.older.onnx and NAME.newer.onnx lie NAME.input.f32, a picture
[h, w, 3], and NAME.json: the scores, and Grad-CAM's raw maps of the best class at every module that gives a picture or
tokens, by autograd. `deno run --allow-all tools/check_onnx_networks.ts FOLDER` opens them and adds a line for each file
to results.jsonl. With --check that is done after each network, whose files are removed then: all of them together are
some 20 GB. What has its line there already is passed over.
"""

from __future__ import annotations

import argparse
import base64
import json
import re
import subprocess
import time
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import timm
import torch
import torchvision
from onnx_network import as_batch, draw_picture
from torch import nn

#: One or two of each family.
TIMM = [
    "resnet50d", "vit_small_patch14_reg4_dinov2", "swin_tiny_patch4_window7_224", "convnextv2_atto", "efficientnet_lite0",
    "levit_128s", "nfnet_l0", "deit_tiny_distilled_patch16_224", "mobilenetv4_conv_small", "mixer_s32_224", "regnetz_b16",
    "beit_base_patch16_224", "cait_xxs24_224", "xcit_nano_12_p16_224", "maxvit_rmlp_pico_rw_256", "coatnet_nano_rw_224",
    "mobilevit_xxs", "mobilevitv2_050", "efficientformer_l1", "edgenext_xx_small", "poolformer_s12", "pit_ti_224",
    "fastvit_t8", "ghostnetv2_100", "repvgg_a0", "mobileone_s0", "res2net50_26w_4s", "skresnet18", "resnest14d",
    "seresnet50", "densenet121", "dla34", "hrnet_w18_small", "dpn68", "vovnet39a", "cspdarknet53", "xception41",
    "inception_v4", "nasnetalarge", "mixnet_s", "focalnet_tiny_srf", "eva02_tiny_patch14_224", "swinv2_cr_tiny_ns_224",
    "twins_pcpvt_small", "pvt_v2_b0", "visformer_tiny", "crossvit_tiny_240", "convit_tiny", "convmixer_768_32",
    "hgnetv2_b0", "repvit_m0_9", "tiny_vit_5m_224", "inception_next_atto", "rdnet_tiny", "starnet_s1", "volo_d1_224",
    "gmlp_s16_224", "resmlp_12_224", "vit_tiny_patch16_224", "tinynet_e", "hardcorenas_a", "lcnet_050",
    "ese_vovnet19b_dw", "darknet53", "inception_resnet_v2", "efficientnetv2_rw_t", "ecaresnet26t", "gcresnext26ts",
    "nf_resnet26", "sequencer2d_s",
]  # fmt: skip
CLASSES = 10
#: Height and width, unless a network takes one size alone.
SIZE = (160, 128)
#: What is added to the shifts of batch norms, until scores no longer hang on roundings: units are cut off less often then.
SHIFTS = (0.0, 0.7)
STEADINESS = 3e-5
#: How far every pixel is moved to see what hangs on roundings: scores by about one, maps by some too, since in a random
#: network a single unit that is just about zero and falls to the other side of it turns a gradient by a thousandth.
JITTER = 1.2e-7
MORE_JITTER = 1e-6
#: The share of a batch norm's mean square that its variance has at least: less would enlarge roundings.
LEAST_VARIANCE = 0.02
#: The largest maps that are kept, in numbers.
LARGEST_MAP = 4096
SMALLEST_SIDE = 2
#: Leaves that an exporter folds into others, or leaves out.
FOLDED = (nn.Conv2d, nn.Linear, nn.modules.batchnorm._BatchNorm, nn.Identity, nn.Softmax)


def torchvision_names() -> list[str]:
    return torchvision.models.list_models(module=torchvision.models)


def build(name: str) -> tuple[nn.Module, tuple[int, int]]:
    """Build a network, and say what size of picture it takes."""
    torch.manual_seed(5)
    library, _, network = name.partition(".")
    if library == "timm":
        model = timm.create_model(network, pretrained=False, num_classes=CLASSES, exportable=True)
        size = model.default_cfg["input_size"][1:]
        return model, tuple(size) if is_fixed(model) else SIZE
    options = {"init_weights": False} if network in ("googlenet", "inception_v3") else {}
    model = torchvision.models.get_model(network, weights=None, num_classes=CLASSES, **options)
    is_square = re.match("vit_|maxvit|vgg|alexnet", network)
    return model, (224, 224) if is_square else SIZE


def is_fixed(model: nn.Module) -> bool:
    """Whether one of timm's networks takes pictures of one size alone."""
    if model.default_cfg.get("fixed_input_size"):
        return True
    try:
        with torch.no_grad():
            model.eval()(torch.zeros(1, 3, *SIZE))
    except (RuntimeError, AssertionError, ValueError):
        return True
    return False


def build_steady(name: str, largest: float) -> tuple[nn.Module, torch.Tensor, dict[str, Any]]:
    """Build a network whose scores hang on roundings as little as can be, with its picture and what it gives of it."""
    for shift in SHIFTS:
        model, size = build(name)
        millions = sum(parameter.numel() for parameter in model.parameters()) / 1e6
        if millions > largest:
            raise ValueError(f"it has {millions:.0f} million parameters")
        settle(model, size, shift)
        x = as_batch(draw_picture(*size))
        torch.backends.mha.set_fastpath_enabled(False)
        result = golden(model, x)
        if result["moves"] <= STEADINESS:
            break
    return model, x, {"millions": round(millions, 2), **result}


def settle(model: nn.Module, size: tuple[int, int], shift: float) -> None:
    """Give a network weights and statistics that keep its values' variance near 1, none at what training starts with."""
    generator = torch.Generator().manual_seed(6)
    for parameter in model.parameters():
        parameter.requires_grad_(False)
    for module in model.modules():
        for name, parameter in module.named_parameters(recurse=False):
            draw(module, name, parameter, generator)
    model.eval()
    norms = [module for module in model.modules() if isinstance(module, nn.modules.batchnorm._BatchNorm)]
    for norm in norms:
        norm.bias.add_(shift)
    handles = [norm.register_forward_pre_hook(measure) for norm in norms]
    with torch.no_grad():
        model(torch.cat([as_batch(draw_picture(*size, seed)) for seed in (7, 8, 9, 10)]))
    for handle in handles:
        handle.remove()


def draw(module: nn.Module, name: str, parameter: torch.Tensor, generator: torch.Generator) -> None:
    largest, is_even = parameter.abs().max(), parameter.numel() < 2 or parameter.std() == 0
    if parameter.ndim > 1 and (isinstance(module, (nn.Conv2d, nn.Linear)) or "weight" in name):
        gain = 2 if parameter.ndim == 4 else 1
        parameter.normal_(0, (gain / parameter[0].numel()) ** 0.5, generator=generator)
    elif "norm" in type(module).__name__.lower() and name == "weight" and parameter.ndim == 1:
        begun = 0.7 if largest > 0 else 0.1  # the last one of a branch begins at 0: branches are to stay small
        parameter.uniform_(begun, begun + 0.4, generator=generator)
    elif largest >= 1e-3 and is_even:  # gains and temperatures
        parameter.mul_(torch.empty_like(parameter).uniform_(0.7, 1.3, generator=generator))
    elif "bias" in name and parameter.ndim == 1:
        parameter.normal_(0, 0.1, generator=generator)
    elif parameter.ndim > 1 and not (is_even and 0 < largest):  # tokens and places
        parameter.normal_(0, 0.3, generator=generator)
    else:  # scales of layers
        parameter.uniform_(0.1, 0.4, generator=generator)


def measure(norm: nn.Module, given: tuple[torch.Tensor]) -> None:
    """Give a batch norm the statistics of what it is about to take."""
    x = given[0]
    axes = [axis for axis in range(x.ndim) if axis != 1]
    mean, variance = x.mean(axes), x.var(axes)
    norm.running_mean.copy_(mean)
    norm.running_var.copy_(torch.maximum(variance, LEAST_VARIANCE * (mean**2 + variance)))


def scores_of(model: nn.Module, x: torch.Tensor) -> torch.Tensor:
    result = model(x)
    return result[0] if isinstance(result, tuple) else result


def grid_of(value: torch.Tensor, size: tuple[int, int]) -> tuple[str, int, int, int] | None:
    """Return how a value holds a grid, its height and width, and the tokens before it; None where it holds none."""
    height, width = size
    if value.ndim == 4 and value.shape[0] == 1:
        shapes = {"spatial": value.shape[2:], "last": value.shape[1:3]}
        like = [kind for kind, (h, w) in shapes.items() if w > 0 and abs(h / w - height / width) < 0.25 * height / width]
        if len(like) == 1:
            return like[0], *shapes[like[0]], 0
    if value.ndim == 3 and value.shape[0] == 1:
        for stride in (4, 7, 8, 14, 16, 32):
            prefix = value.shape[1] - (height // stride) * (width // stride)
            if 0 <= prefix <= 5:
                return "tokens", height // stride, width // stride, prefix
    return None


def as_grid(value: torch.Tensor, grid: tuple[str, int, int, int]) -> torch.Tensor:
    """Return a value as [h, w, c]."""
    kind, height, width, prefix = grid
    if kind == "spatial":
        return value[0].permute(1, 2, 0)
    return value[0] if kind == "last" else value[0, prefix:].reshape(height, width, -1)


def raw_maps(model: nn.Module, x: torch.Tensor) -> tuple[torch.Tensor, dict[str, Any]]:
    """Return the scores, and Grad-CAM's maps before ReLU and scaling at all modules: Σ_k mean(∂ y / ∂ A_k) · A_k."""
    kept: dict[str, list[torch.Tensor]] = {}
    size = (x.shape[2], x.shape[3])

    def keep(name: str) -> Any:
        def hook(_module: nn.Module, _given: Any, value: Any) -> Any:
            if not isinstance(value, torch.Tensor) or not value.requires_grad:
                return None
            grid = grid_of(value, size)
            if not grid or not SMALLEST_SIDE <= min(grid[1:3]) or grid[1] * grid[2] > LARGEST_MAP:
                return None
            value.retain_grad()
            kept.setdefault(name, []).append(value)
            return value.clone()  # what follows may change it in place

        return hook

    def straighten(_module: nn.Module, _given: Any, value: torch.Tensor) -> None:
        value.register_hook(lambda gradient: torch.empty_like(value).copy_(gradient))

    # PyTorch 2.13 gives wrong gradients of batch norms in eval() on a CPU where the gradient lies in memory as tokens do,
    # and the value as a picture.
    norms = [module for module in model.modules() if isinstance(module, nn.modules.batchnorm._BatchNorm)]
    handles = [norm.register_forward_hook(straighten) for norm in norms]
    handles += [
        module.register_forward_hook(keep(name))
        for name, module in model.named_modules()
        if name and not (isinstance(module, FOLDED) or "drop" in type(module).__name__.lower())
    ]
    try:
        scores = scores_of(model, x.clone().requires_grad_())
    finally:
        for handle in handles:
            handle.remove()
    scores[0].max().backward()
    maps = {}
    for name, values in kept.items():
        if len(values) == 1 and values[0].grad is not None:
            grid = grid_of(values[0], size)
            weights = as_grid(values[0].grad, grid).mean((0, 1))  # [c]
            maps[name] = {"grid": grid, "raw": (as_grid(values[0].detach(), grid) * weights).sum(-1).numpy()}
    return scores.detach()[0], maps


def encode(values: np.ndarray) -> str:
    return base64.b64encode(np.ascontiguousarray(values, "<f4").tobytes()).decode()


def golden(model: nn.Module, x: torch.Tensor) -> dict[str, Any]:
    """Return scores and maps, and how far each moves when all pixels are moved a little."""
    signs = torch.sign(torch.rand(x.shape, generator=torch.Generator().manual_seed(2)) - 0.5)
    scores, maps = raw_maps(model, x)
    with torch.no_grad():
        moved_scores = scores_of(model, x * (1 + JITTER * signs))[0]
    _, moved_maps = raw_maps(model, x * (1 + MORE_JITTER * signs))
    if not torch.isfinite(scores).all() or scores.std() < 0.02 * scores.abs().max():
        raise ValueError(f"its scores say nothing: {scores.tolist()}")
    records = []
    for name, entry in maps.items():
        raw, (kind, height, width, prefix) = entry["raw"], entry["grid"]
        largest = np.abs(raw).max()
        if not largest > 1e-12 or raw.std() < 0.01 * largest:
            continue
        moves = float(np.abs(moved_maps[name]["raw"] - raw).max() / largest)
        record = {"layer": name, "kind": kind, "height": height, "width": width, "prefix": prefix, "moves": moves}
        records.append({**record, "raw": encode(raw)})
    moves = float((moved_scores - scores).abs().max() / scores.abs().max())
    return {"scores": scores.tolist(), "classIndex": int(scores.argmax()), "moves": moves, "maps": records}


def export(model: nn.Module, x: torch.Tensor, exporter: str, path: Path) -> None:
    torch.backends.mha.set_fastpath_enabled(False)
    given = {"input_names": ["x"], "output_names": ["scores"]}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if exporter == "newer":
            torch.onnx.export(model, (x,), str(path), dynamo=True, verbose=False, **given)
        else:
            torch.onnx.export(model, (x,), str(path), dynamo=False, opset_version=17, **given)


def last_line(error: Exception) -> str:
    """Return what an exporter has to say, which ends with a listing of the whole network at times."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    telling = [line for line in lines if re.search("error|unsupported|cannot|failed|not supported", line, re.I)]
    return (telling or lines or [repr(error)])[0][:300]


def make(folder: Path, name: str, exporters: list[str], largest: float) -> list[dict[str, Any]]:
    """Write a network's files; return the lines of results for what cannot be made."""
    begun = time.perf_counter()
    model, x, result = build_steady(name, largest)
    size = (x.shape[2], x.shape[3])
    record = {"name": name, "height": size[0], "width": size[1], **result}
    (folder / f"{name}.input.f32").write_bytes(draw_picture(*size).tobytes())
    (folder / f"{name}.json").write_text(json.dumps(record))
    failed = []
    for exporter in exporters:
        path = folder / f"{name}.{exporter}.onnx"
        try:
            export(model, x, exporter, path)
        except Exception as error:  # noqa: BLE001
            path.unlink(missing_ok=True)
            failed.append({"name": name, "exporter": exporter, "millions": record["millions"], "export": last_line(error)})
    print(f"{name}: {record['millions']:.1f} million, {time.perf_counter() - begun:.0f} s, {record['moves']:.0e}", flush=True)
    return failed


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("names", nargs="*", help="such as torchvision.resnet18 or timm.levit_128s; all by default")
    parser.add_argument("--exporter", action="append", choices=["older", "newer"], help="both by default")
    parser.add_argument("--largest", type=float, default=1e9, help="millions of parameters; larger ones are left out")
    parser.add_argument("--check", action="store_true", help="check each network when it is made, and remove its files")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    arguments.folder.mkdir(parents=True, exist_ok=True)
    results = arguments.folder / "results.jsonl"
    lines = results.read_text().splitlines() if results.exists() else []
    done = {(entry["name"], entry["exporter"]) for entry in map(json.loads, lines)}
    every = [f"torchvision.{name}" for name in torchvision_names()] + [f"timm.{name}" for name in TIMM]
    for name in arguments.names or every:
        exporters = [one for one in arguments.exporter or ["older", "newer"] if (name, one) not in done]
        if not exporters:
            continue
        try:
            failed = make(arguments.folder, name, exporters, arguments.largest)
        except Exception as error:  # noqa: BLE001
            failed = [{"name": name, "exporter": exporter, "left": last_line(error)} for exporter in exporters]
        with results.open("a") as file:
            for entry in failed:
                print(entry, flush=True)
                file.write(json.dumps(entry) + "\n")
        if arguments.check:
            script = Path(__file__).with_name("check_onnx_networks.ts")
            subprocess.run(["deno", "run", "--allow-all", str(script), str(arguments.folder), name], check=False)
            for path in arguments.folder.glob(f"{name}.*"):
                path.unlink()


if __name__ == "__main__":
    main()
