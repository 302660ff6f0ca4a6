"""Make the pictures that the resizing tests compare with: parts of chelsea.png resized by Pillow.

A photo of 12 megapixels is made from coffee.png by arithmetic, here as in the test, so that neither it nor what
becomes of it need be stored: the digest of Pillow's pixels is, and the best score that Keras gives them with the
embedded model.

Needs

    pip install pillow tensorflow-cpu==2.21.0 keras==3.15.1

    python tools/make_resize_goldens.py
"""

import json
import os
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np
from keras_model import keras_model
from PIL import Image

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "testdata/resize"

# name: (left, top, width, height of the part), (width, height of the result), mode
CASES = {
    "part_shrunk": ((10.5, 20.25, 300.75, 250.5), (31, 47), "RGB"),
    "part_enlarged": ((100.0, 50.0, 20.0, 10.0), (33, 29), "RGB"),
    "edge_enlarged": ((440.0, 290.0, 11.0, 10.0), (25, 31), "RGB"),
    "grey_shrunk": ((0.0, 0.0, 451.0, 300.0), (40, 24), "L"),
}


# width, height
LARGE = (4000, 3000)
SEEN = (224, 224)


def enlarge(photo: Image.Image) -> Image.Image:
    """Return the photo with each pixel as a block, and on it a texture that shrinking must average away."""
    width, height = LARGE
    y, x, channel = np.ogrid[:height, :width, :3]
    pixels = np.asarray(photo)[y * photo.height // height, x * photo.width // width, channel].astype(int)
    texture = (x * 7 + y * 13 + channel * 5) % 61 - 30
    return Image.fromarray(np.clip(pixels + texture, 0, 255).astype(np.uint8))


def describe_large() -> dict:
    """Return what Pillow and Keras make of the large photo."""
    photo = Image.open(ROOT / "testdata/photos/coffee.png").convert("RGB")
    pixels = np.asarray(enlarge(photo).resize(SEEN, Image.Resampling.BICUBIC))
    model = keras_model(ROOT / "models/efficientnet_lite0")
    scores = np.asarray(model([((pixels.astype(np.float32) - 127) / 128)[np.newaxis]]))[0]
    return {
        "photo": "coffee.png",
        "width": LARGE[0],
        "height": LARGE[1],
        "sha256": sha256(pixels.tobytes()).hexdigest(),
        "classIndex": int(scores.argmax()),
        "score": float(scores.max()),
    }


def main() -> None:
    photo = Image.open(ROOT / "testdata/photos/chelsea.png").convert("RGB")
    cases = []
    for name, ((x, y, width, height), size, mode) in CASES.items():
        box = (x, y, x + width, y + height)
        result = photo.convert(mode).resize(size, Image.Resampling.BICUBIC, box=box)
        (OUT / f"{name}.u8").write_bytes(result.tobytes())
        box = {"x": x, "y": y, "width": width, "height": height}
        cases.append(
            {"name": name, "box": box, "width": size[0], "height": size[1], "channels": len(result.getbands())}
        )
    index = {"pillow": version("pillow"), "keras": version("keras"), "photo": "chelsea.png", "cases": cases}
    index["large"] = describe_large()
    (OUT / "index.json").write_text(json.dumps(index, indent=2) + "\n")


if __name__ == "__main__":
    main()
