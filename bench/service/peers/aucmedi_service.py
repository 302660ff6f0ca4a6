"""AUCMEDI's GradCAM over HTTP: aucmedi_service.py MODEL.keras PORT.

The colours are put on here, since AUCMEDI's own way fails with a current matplotlib.
"""

from __future__ import annotations

import sys
from typing import Annotated

import keras
import numpy as np
import uvicorn
from aucmedi.xai.methods.gradcam import GradCAM
from fastapi import FastAPI, File, HTTPException, Response
from matplotlib import colormaps
from pictures import blend, network_input, read_photo

model_path, port = sys.argv[1:]
COLOURS = np.uint8(colormaps["jet"](np.arange(256))[:, :3] * 255)
model = keras.models.load_model(model_path, compile=False)
cam = GradCAM(model)  # the last layer that has a 4-D output
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
    x = network_input(picture)
    scores = model.predict_on_batch(x)[0]
    best = int(np.argmax(scores))
    overlay = blend(picture, cam.compute_heatmap(x, best), COLOURS)
    headers = {"gradcam-class": str(best), "gradcam-score": f"{scores[best]:.6f}"}
    return Response(overlay, media_type="image/png", headers=headers)


uvicorn.run(app, host="127.0.0.1", port=int(port), log_level="warning")
