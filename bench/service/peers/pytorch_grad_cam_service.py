"""pytorch-grad-cam's GradCAM over HTTP: pytorch_grad_cam_service.py WEIGHTS.pt PORT."""

from __future__ import annotations

import sys
from pathlib import Path
from threading import Lock
from typing import Annotated

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "peers/python"))
from torch_networks import load  # before all that imports torchvision

import numpy as np
import torch
import uvicorn
from fastapi import FastAPI, File, HTTPException, Response
from matplotlib import colormaps
from pictures import blend, network_input, read_photo
from pytorch_grad_cam import GradCAM

weights_path, port = sys.argv[1:]
COLOURS = np.uint8(colormaps["jet"](np.arange(256))[:, :3] * 255)
torch.set_num_threads(2)
network, layer = load("EfficientNet-Lite0", weights_path)
cam = GradCAM(model=network, target_layers=[layer])
one_at_a_time = Lock()  # the CAM keeps the activations of the photo that it explains
app = FastAPI()


@app.get("/health")
async def health() -> dict[str, str]:
    return {"status": "ok"}


@app.post("/explain")
def explain(photo: Annotated[bytes, File()]) -> Response:
    """Explain the best class. Not a coroutine, so that it runs in FastAPI's pool of threads."""
    try:
        picture = read_photo(photo)
    except OSError as error:
        raise HTTPException(422, "not a photo") from error
    x = torch.from_numpy(network_input(picture).transpose(0, 3, 1, 2).copy())  # [1, 3, 224, 224]
    with one_at_a_time:
        heatmap = cam(input_tensor=x, targets=None)[0]  # of the best class, [224, 224]
        scores = cam.outputs.detach().softmax(1)[0]
    best = int(scores.argmax())
    overlay = blend(picture, heatmap, COLOURS)
    headers = {"gradcam-class": str(best), "gradcam-score": f"{float(scores[best]):.6f}"}
    return Response(overlay, media_type="image/png", headers=headers)


uvicorn.run(app, host="127.0.0.1", port=int(port), log_level="warning")
