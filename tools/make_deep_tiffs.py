"""Make small TIFFs of more than 8 bits, or of other numbers than whole ones from 0, and their values.

Needs

    pip install tifffile imagecodecs numpy

    python tools/make_deep_tiffs.py

Beside NAME.tiff lies NAME.f32: its values [height, width, channels] as little-endian float32.
"""

import json
from importlib.metadata import version
from pathlib import Path

import numpy as np
import tifffile

OUT = Path(__file__).resolve().parent.parent / "testdata/deep"
HEIGHT, WIDTH = 37, 53

# Name: kind of numbers, channels, how they are stored.
FILES = {
    "grey_uint16": ("uint16", 1, {}),
    "grey_uint16_big_endian": ("uint16", 1, {"byteorder": ">"}),
    "grey_uint16_lzw": ("uint16", 1, {"compression": "lzw"}),
    "rgb_uint16_lzw_differences": ("uint16", 3, {"compression": "lzw", "predictor": True}),
    "rgb_uint16_deflate_tiles": ("uint16", 3, {"compression": "deflate", "predictor": True, "tile": (16, 32)}),
    "rgb_uint16_wide_tiles": ("uint16", 3, {"compression": "deflate", "tile": (16, 64)}),
    "rgb_uint16_planes": ("uint16", 3, {"planarconfig": "separate", "rowsperstrip": 10, "compression": "lzw"}),
    "rgba_uint16_packbits": ("uint16", 4, {"compression": "packbits", "rowsperstrip": 7}),
    "grey_alpha_uint16": ("uint16", 2, {"rowsperstrip": 8}),
    "grey_int16": ("int16", 1, {"compression": "deflate", "predictor": True}),
    "grey_int8": ("int8", 1, {}),
    "grey_uint32_big_endian": ("uint32", 1, {"byteorder": ">", "compression": "lzw", "predictor": True}),
    "grey_int32": ("int32", 1, {}),
    "grey_float16": ("float16", 1, {}),
    "rgb_float32_predictor": ("float32", 3, {"compression": "deflate", "predictor": 3}),
    "grey_float32_big_endian_predictor": ("float32", 1, {"compression": "lzw", "predictor": 3, "byteorder": ">"}),
    "grey_float64_tiles": ("float64", 1, {"tile": (32, 16), "compression": "deflate"}),
}


def picture(kind: str, channels: int) -> np.ndarray:
    """Waves with some noise, over most of what the numbers can be; floating point from -1000 to 2000."""
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
    wave = (np.sin(x / 9) + np.cos(y / 7) + 2) / 4
    noise = np.random.default_rng(7).normal(0, 0.01, (HEIGHT, WIDTH, channels))
    values = np.stack([wave * (1 - 0.2 * channel) for channel in range(channels)], -1) + noise
    if np.issubdtype(kind, np.floating):
        return (values * 3000 - 1000).astype(kind)
    limits = np.iinfo(kind)
    span = float(limits.max) - limits.min
    return np.clip(values * span + limits.min, limits.min, limits.max - span / 1000).astype(kind)


def main() -> None:
    OUT.mkdir(exist_ok=True)
    index = []
    for name, (kind, channels, options) in FILES.items():
        values = picture(kind, channels)
        stored = values[..., 0] if channels == 1 else values
        if channels > 1:
            options = {"planarconfig": "contig", **options}
        if options.get("planarconfig") == "separate":
            stored = np.moveaxis(stored, -1, 0).copy()
        if channels in (2, 4):
            options = {**options, "extrasamples": ["unassalpha"]}
        color = "minisblack" if channels < 3 else "rgb"
        tifffile.imwrite(OUT / f"{name}.tiff", stored, photometric=color, metadata=None, software=None, **options)
        (OUT / f"{name}.f32").write_bytes(values.astype("<f4").tobytes())
        index.append({"name": name, "channels": channels})
    record = {"tifffile": version("tifffile"), "height": HEIGHT, "width": WIDTH, "files": index}
    (OUT / "index.json").write_text(json.dumps(record, indent=2) + "\n")


if __name__ == "__main__":
    main()
