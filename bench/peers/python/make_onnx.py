"""Export the networks of PyTorch for onnxruntime, with a softmax at the end: make_onnx.py FOLDER NAME ....

Reads NAME.pt, which make_torch.py wrote; writes NAME.onnx.
"""

from __future__ import annotations

import sys
from pathlib import Path

import torch
from torch import nn
from torch_networks import load


def main() -> None:
    folder = Path(sys.argv[1])
    for name in sys.argv[2:]:
        network, _ = load(name, str(folder / f"{name}.pt"))
        torch.onnx.export(
            nn.Sequential(network, nn.Softmax(1)).eval(),
            (torch.zeros(1, 3, 224, 224),),
            str(folder / f"{name}.onnx"),
            input_names=["image"],
            output_names=["scores"],
            dynamo=True,
            external_data=False,
        )
        print(name, flush=True)


if __name__ == "__main__":
    main()
