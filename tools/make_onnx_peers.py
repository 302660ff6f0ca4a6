"""Make torchvision's classifiers and 40 of timm's architectures as ONNX files, with the scores that PyTorch gives.

    pip install torch==2.13.0 torchvision==0.28.0 timm==1.0.31 onnx==1.23.2 onnxscript==0.7.2
    python tools/make_onnx_peers.py FOLDER [NAME …] [--exporter newer] [--largest MILLIONS]

Weights are random, from a fixed seed. Beside NAME.onnx lie NAME.input.f32, a picture [h, w, 3], and NAME.scores.f32;
index.json lists their sizes. The files are large and stay outside the checkout; `deno task bench:onnx --folder FOLDER`
opens them and prints a table. What is there already is left as it is.
"""

from __future__ import annotations

import argparse
import json
import time
import warnings
from pathlib import Path

import numpy as np
import timm
import torch
import torchvision
from onnx_network import as_batch, draw_picture
from torch import nn

#: One or two of each family.
TIMM = [
    "resnet50d", "resnest14d", "seresnet50", "skresnet18", "ecaresnet26t", "gcresnext26ts", "res2net50_26w_4s",
    "regnetz_b16", "nf_resnet26", "nfnet_l0", "densenet121", "dla34", "hrnet_w18_small", "dpn68", "vovnet39a",
    "ese_vovnet19b_dw", "cspdarknet53", "darknet53", "xception41", "inception_v4", "inception_resnet_v2", "nasnetalarge",
    "mobilenetv4_conv_small", "efficientnet_lite0", "efficientnetv2_rw_t", "mixnet_s", "ghostnetv2_100", "tinynet_e",
    "hardcorenas_a", "lcnet_050", "repvgg_a0", "fastvit_t8", "mobileone_s0", "convnextv2_atto", "focalnet_tiny_srf",
    "vit_tiny_patch16_224", "vit_small_patch14_reg4_dinov2", "deit_tiny_distilled_patch16_224", "beit_base_patch16_224",
    "eva02_tiny_patch14_224", "cait_xxs24_224", "xcit_nano_12_p16_224", "swin_tiny_patch4_window7_224",
    "swinv2_cr_tiny_ns_224", "maxvit_rmlp_pico_rw_256", "coatnet_nano_rw_224", "mobilevit_xxs", "mobilevitv2_050",
    "efficientformer_l1", "edgenext_xx_small", "poolformer_s12", "pit_ti_224", "levit_128s", "mixer_s32_224", "resmlp_12_224",
    "gmlp_s16_224", "volo_d1_224", "twins_pcpvt_small", "pvt_v2_b0", "visformer_tiny", "crossvit_tiny_240", "convit_tiny",
    "convmixer_768_32", "hgnetv2_b0", "repvit_m0_9", "tiny_vit_5m_224", "inception_next_atto", "rdnet_tiny", "starnet_s1",
]  # fmt: skip
STEADINESS = 1e-5
JITTER = 1.2e-7


def torchvision_names() -> list[str]:
    return torchvision.models.list_models(module=torchvision.models)


def build(name: str) -> tuple[nn.Module, tuple[int, int]]:
    """Build a network, and say what size of picture it takes."""
    torch.manual_seed(5)
    library, _, network = name.partition(".")
    if library == "timm":
        model = timm.create_model(network, pretrained=False, num_classes=10, exportable=True)
        size = model.default_cfg.get("test_input_size") or model.default_cfg["input_size"]
        return model, (size[1], size[2])
    options = {"init_weights": True} if network in ("googlenet", "inception_v3") else {}
    model = torchvision.models.get_model(network, weights=None, num_classes=10, **options)
    sizes = {"inception_v3": 299}
    if network.startswith("vit_") or network.startswith("maxvit"):
        return model, (224, 224)
    side = sizes.get(network, 160)
    return model, (side, side - 32 if side == 160 else side)


def settle(model: nn.Module, size: tuple[int, int]) -> None:
    """Give every norm gains and every batch norm statistics that differ from those that training starts with."""
    generator = torch.Generator().manual_seed(6)
    with torch.no_grad():
        for module in model.modules():
            for name, parameter in module.named_parameters(recurse=False):
                if parameter.ndim > 1:
                    if parameter.abs().max() == 0:
                        parameter.normal_(0, 0.1, generator=generator)
                elif "norm" in type(module).__name__.lower() and name == "weight":
                    parameter.uniform_(0.7, 1.3, generator=generator)
                elif parameter.abs().max() < 1e-3:  # layer scales and zeros
                    parameter.uniform_(0.05, 0.3, generator=generator)
    norms = [module for module in model.modules() if isinstance(module, nn.modules.batchnorm._BatchNorm)]
    if norms:
        for norm in norms:
            norm.momentum = None
            norm.reset_running_stats()
        model.train()
        for module in model.modules():
            if isinstance(module, nn.Dropout) or "drop" in type(module).__name__.lower():
                module.eval()
        with torch.no_grad():
            model(torch.cat([as_batch(draw_picture(*size, seed)) for seed in (7, 8, 9, 10)]))
    model.eval()


def scores_of(model: nn.Module, x: torch.Tensor) -> torch.Tensor:
    with torch.no_grad():
        result = model(x)
    return result[0] if isinstance(result, tuple) else result


def moved(model: nn.Module, x: torch.Tensor) -> float:
    """Return how far the scores move when every pixel is moved by about one rounding."""
    signs = torch.sign(torch.rand(x.shape, generator=torch.Generator().manual_seed(2)) - 0.5)
    before, after = scores_of(model, x), scores_of(model, x * (1 + JITTER * signs))
    return float((after - before).abs().max() / before.abs().max().clamp(min=1))


def make(folder: Path, name: str, exporter: str, largest: float) -> dict[str, object] | None:
    model, size = build(name)
    parameters = sum(parameter.numel() for parameter in model.parameters()) / 1e6
    if parameters > largest:
        print(f"{name}: left out, {parameters:.0f} million parameters", flush=True)
        return None
    settle(model, size)
    picture = draw_picture(*size)
    x = as_batch(picture)
    # Scaled, so that rounding counts alike in all.
    scores = scores_of(model, x)
    spread = moved(model, x)
    if spread > STEADINESS:
        print(f"{name}: its scores move by {spread:.0e} with a rounding of its pixels", flush=True)
    path = folder / f"{name}.onnx"
    begun = time.perf_counter()
    torch.backends.mha.set_fastpath_enabled(False)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        given = {"input_names": ["x"], "output_names": ["scores"]}
        if exporter == "newer":
            torch.onnx.export(model, (x,), str(path), dynamo=True, verbose=False, **given)
        else:
            torch.onnx.export(model, (x,), str(path), dynamo=False, opset_version=17, **given)
    (folder / f"{name}.input.f32").write_bytes(picture.tobytes())
    (folder / f"{name}.scores.f32").write_bytes(scores.numpy().astype("<f4").tobytes())
    print(f"{name}: {parameters:.1f} million, exported in {time.perf_counter() - begun:.0f} s, {spread:.0e}", flush=True)
    return {"height": size[0], "width": size[1], "millions": round(parameters, 2), "exporter": exporter, "moves": spread}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("names", nargs="*", help="such as torchvision.resnet18 or timm.levit_128s; all by default")
    parser.add_argument("--exporter", choices=["older", "newer"], default="older")
    parser.add_argument("--largest", type=float, default=1e9, help="millions of parameters; larger ones are left out")
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    index_path = arguments.folder / "index.json"
    index = json.loads(index_path.read_text()) if index_path.exists() else {}
    every = [f"torchvision.{name}" for name in torchvision_names()] + [f"timm.{name}" for name in TIMM]
    for name in arguments.names or every:
        if name in index:
            continue
        try:
            entry = make(arguments.folder, name, arguments.exporter, arguments.largest)
        except Exception as error:  # noqa: BLE001
            print(f"{name}: {str(error).strip().splitlines()[-1][:300] if str(error).strip() else error!r}", flush=True)
            continue
        if entry:
            index[name] = entry
            index_path.write_text(json.dumps(index, indent=1) + "\n")


if __name__ == "__main__":
    main()
