"""A peer over HTTP: peer_service.py PEER MODEL PORT.

The colours are put on here, since AUCMEDI's own way fails with a current matplotlib.
"""

from __future__ import annotations

import sys
from typing import Annotated

from peer_models import open_peer  # before all that imports torchvision

peer, model_path, port = sys.argv[1:]
explain_one = open_peer(peer, model_path, threads=2)

import numpy as np
import uvicorn
from fastapi import FastAPI, File, HTTPException, Response
from matplotlib import colormaps
from pictures import blend, network_input, read_photo

COLOURS = np.uint8(colormaps["jet"](np.arange(256))[:, :3] * 255)
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
    best, score, heatmap = explain_one(network_input(picture))
    headers = {"gradcam-class": str(best), "gradcam-score": f"{score:.6f}"}
    return Response(blend(picture, heatmap, COLOURS), media_type="image/png", headers=headers)


uvicorn.run(app, host="127.0.0.1", port=int(port), log_level="warning")
