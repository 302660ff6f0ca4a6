"""Make small image files of every kind that is read, and what Pillow makes of each.

Needs

    pip install pillow numpy

    python tools/make_images.py

Beside NAME.EXTENSION lies NAME.EXTENSION.rgb.gz: its pixels upright, on white, 8 bits a channel, packed.
"""

import gzip
import json
import struct
import zlib
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


# Where each of the seven passes of an interlaced PNG begins, and its steps: x, y, across, down.
PASSES = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
GREY, RGB, GREY_ALPHA, RGBA = 0, 2, 4, 6


def png(samples: np.ndarray, depth: int, color: int, interlaced: bool = False, key: bytes = b"") -> bytes:
    """A PNG of a kind that Pillow does not write, from samples [h, w, channels] of `depth` bits."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    def row(values: np.ndarray) -> bytes:
        bits = np.unpackbits(values.astype(">u2").view(np.uint8).reshape(-1, 2), axis=1)
        return b"\0" + np.packbits(bits[:, 16 - depth :]).tobytes()

    passes = PASSES if interlaced else [(0, 0, 1, 1)]
    parts = [samples[y::down, x::across] for x, y, across, down in passes]
    rows = b"".join(row(values) for part in parts for values in part if part.size)
    header = struct.pack(">IIBBBBB", samples.shape[1], samples.shape[0], depth, color, 0, 0, interlaced)
    chunks = [chunk(b"IHDR", header), chunk(b"IDAT", zlib.compress(rows, 9)), chunk(b"IEND", b"")]
    if key:
        chunks.insert(1, chunk(b"tRNS", key))
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def upright(path: Path) -> np.ndarray:
    """What Pillow makes of a file: upright, on white, the first frame."""
    with Image.open(path) as image:
        if image.mode == "L" and image.tile[0].args == "L;4" and "transparency" in image.info:
            image.info["transparency"] *= 17  # Pillow compares the key as stored with values spread to 8 bits
        if image.mode.startswith("I;16"):
            deep = np.asarray(image).astype(np.uint16)
            key = image.info.get("transparency")
            image = Image.fromarray((deep >> 8).astype(np.uint8))
            if key is not None:
                image.putalpha(Image.fromarray(np.where(deep == key, 0, 255).astype(np.uint8)))
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

    deep_rgb = np.asarray(rgb).astype(np.uint16) * 257 + 64
    deep_rgba = np.asarray(rgba).astype(np.uint16) * 257
    deep_key = np.asarray(deep)[..., None]
    key = int(deep_key[3, 5, 0])
    corner = palette.crop((0, 0, 17, 11))

    written = {
        "interlaced.png": png(np.asarray(rgb), 8, RGB, interlaced=True),
        "interlaced_four_bit.png": png(np.asarray(grey)[..., None] >> 4, 4, GREY, interlaced=True),
        "two_bit.png": png(np.asarray(grey)[..., None] >> 6, 2, GREY),
        "key.png": png(np.asarray(grey)[..., None], 8, GREY, key=struct.pack(">H", key >> 8)),
        "four_bit_key.png": png(np.asarray(grey)[..., None] >> 4, 4, GREY, key=struct.pack(">H", 5)),
        "rgb_key.png": png(np.asarray(rgb), 8, RGB, key=struct.pack(">HHH", *rgb.getpixel((5, 3)))),
        "deep_rgb.png": png(deep_rgb, 16, RGB),
        "deep_rgba.png": png(deep_rgba, 16, RGBA),
        "deep_interlaced.png": png(deep_rgb, 16, RGB, interlaced=True),
        "deep_key.png": png(deep_key, 16, GREY, key=struct.pack(">H", key)),
        "grey_alpha_interlaced.png": png(np.asarray(grey_alpha), 8, GREY_ALPHA, interlaced=True),
    }
    files = {
        "plain.jpg": (rgb, {"quality": 90}),
        "progressive.jpg": (rgb, {"quality": 90, "progressive": True}),
        "subsampled.jpg": (rgb, {"quality": 80, "subsampling": 2}),
        "grey.jpg": (grey, {"quality": 90}),
        "cmyk.jpg": (rgb.convert("CMYK"), {"quality": 95}),
        "cmyk_turned6.jpg": (rgb.convert("CMYK"), {"quality": 95, "exif": with_orientation(6)}),
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
        "lossy_alpha.webp": (rgba, {"quality": 90}),
        "lossless.webp": (rgb, {"lossless": True}),
        "alpha.webp": (rgba, {"lossless": True, "exact": True}),
        "turned6.webp": (rgb, {"lossless": True, "exif": with_orientation(6)}),
        "animated.webp": (rgb, {"lossless": True, "save_all": True, "append_images": [second]}),
        "plain.gif": (palette, {}),
        "transparent.gif": (palette, {"transparency": 3}),
        "animated.gif": (palette, {"save_all": True, "append_images": [second.quantize(32)]}),
        "plain.bmp": (rgb, {}),
        "palette.bmp": (palette, {}),
        "grey.bmp": (grey, {}),
        "one_bit.bmp": (grey.convert("1"), {}),
        "alpha.bmp": (rgba, {}),
        "plain.tiff": (rgb, {}),
        "packed.tiff": (rgb, {"compression": "tiff_lzw"}),
        "grey.tiff": (grey, {}),
        "deep_grey.tiff": (deep, {}),
        "alpha.tiff": (rgba, {"compression": "tiff_adobe_deflate"}),
        "cmyk.tiff": (rgb.convert("CMYK"), {"compression": "tiff_adobe_deflate"}),
        "pages.tiff": (rgb, {"compression": "tiff_lzw", "save_all": True, "append_images": [corner]}),
        "turned6.tiff": (rgb, {"exif": with_orientation(6)}),
        "plain.avif": (rgb, {"quality": 95, "subsampling": "4:4:4"}),
        "alpha.avif": (rgba, {"quality": 95, "subsampling": "4:4:4"}),
        "turned6.avif": (rgb, {"quality": 95, "subsampling": "4:4:4", "exif": with_orientation(6)}),
    }
    for name, content in written.items():
        (OUT / name).write_bytes(content)
    for name, (image, options) in files.items():
        image.save(OUT / name, **options)
    index = []
    for name in sorted([*written, *files]):
        path = OUT / name
        pixels = upright(path)
        (OUT / f"{name}.rgb.gz").write_bytes(gzip.compress(pixels.tobytes(), mtime=0))
        index.append({"file": name, "width": pixels.shape[1], "height": pixels.shape[0]})
    record = {"pillow": version("pillow"), "files": index}
    (OUT / "index.json").write_text(json.dumps(record, indent=2) + "\n")


if __name__ == "__main__":
    main()
