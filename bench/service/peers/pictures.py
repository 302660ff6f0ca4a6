"""What both services do with pictures: a photo becomes the network's input, a map its overlay."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image

SIDE = 224


def read_photo(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content)).convert("RGB")


def network_input(photo: Image.Image) -> np.ndarray:
    """The photo as the network was trained to see it, [1, 224, 224, 3]."""
    pixels = np.asarray(photo.resize((SIDE, SIDE), Image.Resampling.BICUBIC), np.float32)
    return ((pixels - 127) / 128)[np.newaxis]


def enlarge(heatmap: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """A map of 0 to 1 at the photo's size, in 8 bits."""
    return np.asarray(Image.fromarray(np.uint8(heatmap * 255)).resize(size, Image.Resampling.BILINEAR))


def blend(photo: Image.Image, heatmap: np.ndarray, colours: np.ndarray) -> bytes:
    """The overlay at the photo's size as a PNG, packed quickly as a service would have it.

    `colours` are 256 rows of red, green and blue.
    """
    coloured = Image.fromarray(colours[enlarge(heatmap, photo.size)])
    out = io.BytesIO()
    Image.blend(photo, coloured, 0.4).save(out, "PNG", compress_level=1)
    return out.getvalue()
