"""Make the tensors that the tests of other libraries' preprocessing compare with: photos as transformers' image
processors, timm's transforms and Pillow's filters see them.

Of each tensor the values at 16 × 16 places are kept, and the configuration as the library would save it, with which
class. For how far torchvision's resizing of tensors, which transformers takes where it can, is from Pillow's, see the
printed table: mean and largest difference in grey levels. Pillow 13 resizes photos that are taller than wide in
columns first, 12 and torchvision in rows first, as the project does.

    pip install transformers==5.24.0 timm==1.0.31 torch==2.13.0 torchvision==0.28.0 pillow==12.0.0
    python tools/make_processor_goldens.py
"""

import json
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

import numpy as np
import timm.data
import transformers
from PIL import Image

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "testdata/processors"
PLACES = 16

IMAGENET = {"image_mean": [0.485, 0.456, 0.406], "image_std": [0.229, 0.224, 0.225]}

# class, what differs from its defaults, as real models have it
PROCESSORS = [
    ("ViT", {}),
    ("ViT", {"size": {"height": 224, "width": 224}, "resample": 3, **IMAGENET}),  # Swin
    ("ViT", {"size": {"height": 96, "width": 160}}),
    ("DeiT", {}),
    ("Beit", {"do_center_crop": True}),
    ("ConvNext", {}),
    ("ConvNext", {"size": {"shortest_edge": 224}, "crop_pct": 0.875, "resample": 3}),
    ("ConvNext", {"size": {"shortest_edge": 224}, "crop_pct": 0.95, "resample": 2, **IMAGENET}),  # ResNet
    ("CLIP", {}),
    ("Bit", {"size": {"shortest_edge": 256}, "crop_size": {"height": 224, "width": 224}, **IMAGENET}),  # DINOv2
    ("Levit", {}),
    ("MobileNetV1", {}),
    ("MobileNetV2", {}),
    ("MobileViT", {}),
    ("MobileViT", {"size": {"shortest_edge": 288}}),
    ("PoolFormer", {}),
    ("Perceiver", {}),
    ("EfficientNet", {}),
    ("EfficientNet", {"size": {"height": 224, "width": 224}, "resample": 0, "rescale_offset": True}),
    ("Siglip", {}),
    ("Segformer", {}),
    ("Pvt", {}),
    ("Blip", {}),
    ("OwlViT", {}),
    ("DPT", {}),
    ("Flava", {}),
    ("ChineseCLIP", {}),
]

# what differs from resnet50.a1_in1k
TIMM = [
    {},
    {"interpolation": "bilinear", "crop_pct": 0.875},
    {"interpolation": "lanczos", "crop_pct": 0.9, "crop_mode": "squash"},
    {"input_size": [3, 208, 208], "crop_pct": 1.0, "crop_mode": "border", "mean": [0.5, 0.4, 0.3]},
]
A1 = {
    "input_size": [3, 224, 224],
    "interpolation": "bicubic",
    "crop_pct": 0.95,
    "crop_mode": "center",
    "mean": [0.485, 0.456, 0.406],
    "std": [0.229, 0.224, 0.225],
    "num_classes": 1000,
}

# left, top, right, bottom of the part, width and height of the result
RESIZES = [((0, 0, 451, 300), (31, 47)), ((10.5, 20.25, 311.25, 270.75), (150, 60)), ((100, 50, 120, 60), (33, 29))]
FILTERS = ["nearest", "box", "bilinear", "hamming", "bicubic", "lanczos"]


def read_photos() -> dict[str, Image.Image]:
    chelsea = Image.open(ROOT / "testdata/photos/chelsea.png").convert("RGB")
    return {"chelsea": chelsea, "turned": chelsea.transpose(Image.Transpose.TRANSPOSE)}


def sample(tensor: np.ndarray) -> np.ndarray:
    """Return the values of [C, H, W] at places in even distances, [places, places, C]."""
    _, height, width = tensor.shape
    rows = np.arange(PLACES) * (height - 1) // (PLACES - 1)
    columns = np.arange(PLACES) * (width - 1) // (PLACES - 1)
    return tensor[:, rows][:, :, columns].transpose(1, 2, 0).astype("<f4")


def resize_all(photo: Image.Image) -> list[dict]:
    """Return the digests of what Pillow's filters make of parts of a photo."""
    found = []
    for name in FILTERS:
        for (left, top, right, bottom), (width, height) in RESIZES:
            resample = Image.Resampling[name.upper()]
            pixels = photo.resize((width, height), resample, box=(left, top, right, bottom)).tobytes()
            box = {"x": left, "y": top, "width": right - left, "height": bottom - top}
            found.append(
                {"interpolation": name, "box": box, "width": width, "height": height,
                 "sha256": sha256(pixels).hexdigest()}
            )
    return found


def find_class(name: str, *endings: str):
    for ending in endings:
        found = getattr(transformers, f"{name}ImageProcessor{ending}", None)
        if found is not None and not getattr(found, "is_dummy", False):
            return found
    return None


def main() -> None:
    OUT.mkdir(exist_ok=True)
    cases, samples = [], []
    photos = read_photos()

    def keep(name, file, config, usual, see) -> None:
        for photo, pixels in photos.items():
            tensor = np.asarray(see(pixels))
            _, height, width = tensor.shape
            cases.append(
                {"name": name, "file": file, "config": config, "isUsual": usual, "photo": photo,
                 "height": height, "width": width}
            )
            samples.append(sample(tensor))

    for name, changes in PROCESSORS:
        pil = find_class(name, "Pil", "")
        if pil is None:
            print(f"{name}: no such class")
            continue
        processor = pil(**changes)
        config = json.loads(processor.to_json_string())
        config["image_processor_type"] = f"{name}ImageProcessor"
        see = lambda pixels, processor=processor: processor(pixels, return_tensors="np")["pixel_values"][0]
        keep(name, "preprocessor_config.json", config, changes == {}, see)
        fast = find_class(name, "Fast", "")
        if fast is None or fast is pil:
            continue
        for photo, pixels in photos.items():
            other = fast(**changes)(pixels, return_tensors="pt")["pixel_values"][0].numpy()
            std = np.asarray(config.get("image_std") or [1] * 3).reshape(3, 1, 1)
            scale = std * (255 if config.get("do_rescale", True) else 1)
            apart = np.abs(other - see(pixels)) * scale if config.get("do_normalize") else np.abs(other - see(pixels)) * 255
            print(f"{name} {photo}: mean {apart.mean():.4f}, largest {apart.max():.2f} grey levels")

    for changes in TIMM:
        cfg = {**A1, **changes}
        resolved = timm.data.resolve_data_config(pretrained_cfg=cfg, model=None, verbose=False)
        transform = timm.data.create_transform(**resolved, is_training=False)
        config = {"architecture": "resnet50", "num_classes": 1000, "pretrained_cfg": cfg}
        keep("timm", "config.json", config, False, lambda pixels: transform(pixels).numpy())

    versions = {name: version(name) for name in ("transformers", "timm", "torchvision", "pillow")}
    resizes = resize_all(photos["chelsea"])
    index = {"versions": versions, "places": PLACES, "cases": cases, "resizes": resizes}
    (OUT / "index.json").write_text(json.dumps(index, indent=1) + "\n")
    (OUT / "samples.f32").write_bytes(b"".join(one.tobytes() for one in samples))


if __name__ == "__main__":
    main()
