"""Make the pictures that the resizing tests compare with: parts of chelsea.png resized by Pillow.

Needs

    pip install pillow

    python tools/make_resize_goldens.py
"""

import json
from importlib.metadata import version
from pathlib import Path

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
    index = {"pillow": version("pillow"), "photo": "chelsea.png", "cases": cases}
    (OUT / "index.json").write_text(json.dumps(index, indent=2) + "\n")


if __name__ == "__main__":
    main()
