"""From a photo to an overlay with AUCMEDI, once: aucmedi_cold.py PHOTO MODEL.keras CLASS OUT.png.

The colours are put on here, since AUCMEDI's own way fails with a current matplotlib.
"""

from __future__ import annotations

import sys

import keras
import numpy as np
from aucmedi.xai.methods.gradcam import GradCAM
from matplotlib import colormaps
from PIL import Image

photo_path, model_path, class_index, out = sys.argv[1:]
photo = Image.open(photo_path).convert("RGB")
pixels = np.asarray(photo.resize((224, 224), Image.Resampling.BICUBIC), np.float32)
x = ((pixels - 127) / 128)[np.newaxis]  # [1, 224, 224, 3]
model = keras.models.load_model(model_path, compile=False)
heatmap = GradCAM(model).compute_heatmap(x, int(class_index))  # [h, w]
enlarged = Image.fromarray(np.uint8(heatmap * 255)).resize(photo.size, Image.Resampling.BILINEAR)
colours = colormaps["jet"](np.asarray(enlarged))[..., :3] * 255
Image.fromarray(np.uint8(0.4 * colours + 0.6 * np.asarray(photo))).save(out)
