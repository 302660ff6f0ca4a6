"""Make small image files of every kind that is read, and what Pillow makes of each.

Needs

    pip install pillow numpy

    python tools/make_images.py

Beside NAME.EXTENSION lies NAME.EXTENSION.rgb: its pixels upright, on white, 8 bits a channel.
"""

import json
from importlib.metadata import version
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

OUT = Path(__file__).resolve().parent.parent / "testdata/images"
WIDTH, HEIGHT = 40, 26
ORIENTATION = 0x0112


def picture() -> Image.Image:
    """A smooth picture that looks different whichever way it is turned."""
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
    red = 255 * x / (WIDTH - 1)
    green = 255 * y / (HEIGHT - 1)
    blue = 255 * np.exp(-((x - 9) ** 2 + (y - 6) ** 2) / 60)
    return Image.fromarray(np.stack([red, green, blue], -1).astype(np.uint8))


def alpha() -> Image.Image:
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
    return Image.fromarray((255 * (x + y) / (WIDTH + HEIGHT - 2)).astype(np.uint8))


def with_orientation(orientation: int) -> Image.Exif:
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    return exif


def upright(path: Path) -> np.ndarray:
    """What Pillow makes of a file: upright, on white, the first frame."""
    with Image.open(path) as image:
        if image.mode.startswith("I;16"):
            deep = np.asarray(image).astype(np.uint16)
            image = Image.fromarray((deep >> 8).astype(np.uint8))
        rgba = ImageOps.exif_transpose(image).convert("RGBA")
    white = Image.new("RGBA", rgba.size, (255, 255, 255, 255))
    return np.asarray(Image.alpha_composite(white, rgba).convert("RGB"))


def main() -> None:
    rgb = picture()
    grey = rgb.convert("L")
    rgba = rgb.copy()
    rgba.putalpha(alpha())
    grey_alpha = grey.copy()
    grey_alpha.putalpha(alpha())
    palette = rgb.quantize(32)
    deep = Image.fromarray(np.asarray(grey).astype(np.uint16) * 257)
    second = ImageOps.mirror(rgb)

    files = {
        "plain.jpg": (rgb, {"quality": 90}),
        "progressive.jpg": (rgb, {"quality": 90, "progressive": True}),
        "subsampled.jpg": (rgb, {"quality": 80, "subsampling": 2}),
        "grey.jpg": (grey, {"quality": 90}),
        "cmyk.jpg": (rgb.convert("CMYK"), {"quality": 95}),
        **{f"turned{i}.jpg": (rgb, {"quality": 90, "exif": with_orientation(i)}) for i in range(1, 9)},
        "plain.png": (rgb, {}),
        "alpha.png": (rgba, {}),
        "grey.png": (grey, {}),
        "grey_alpha.png": (grey_alpha, {}),
        "palette.png": (palette, {}),
        "palette_transparent.png": (palette, {"transparency": 3}),
        "one_bit.png": (grey.convert("1"), {}),
        "deep_grey.png": (deep, {}),
        **{f"turned{i}.png": (rgb, {"exif": with_orientation(i)}) for i in (3, 6)},
        "animated.png": (rgb, {"save_all": True, "append_images": [second]}),
        "lossy.webp": (rgb, {"quality": 90}),
        "lossless.webp": (rgb, {"lossless": True}),
        "alpha.webp": (rgba, {"lossless": True, "exact": True}),
        "turned6.webp": (rgb, {"lossless": True, "exif": with_orientation(6)}),
        "animated.webp": (rgb, {"lossless": True, "save_all": True, "append_images": [second]}),
        "plain.gif": (palette, {}),
        "transparent.gif": (palette, {"transparency": 3}),
        "animated.gif": (palette, {"save_all": True, "append_images": [second.quantize(32)]}),
        "plain.bmp": (rgb, {}),
        "palette.bmp": (palette, {}),
        "plain.tiff": (rgb, {}),
        "packed.tiff": (rgb, {"compression": "tiff_lzw"}),
        "turned6.tiff": (rgb, {"exif": with_orientation(6)}),
        "plain.avif": (rgb, {"quality": 95, "subsampling": "4:4:4"}),
    }
    index = []
    for name, (image, options) in files.items():
        path = OUT / name
        image.save(path, **options)
        pixels = upright(path)
        (OUT / f"{name}.rgb").write_bytes(pixels.tobytes())
        index.append({"file": name, "width": pixels.shape[1], "height": pixels.shape[0]})
    record = {"pillow": version("pillow"), "files": index}
    (OUT / "index.json").write_text(json.dumps(record, indent=2) + "\n")


if __name__ == "__main__":
    main()
