"""AUCMEDI's Grad-CAM, kept open: aucmedi_warm.py MODEL.keras INPUT LAYER."""

from __future__ import annotations

import sys

from protocol import own_stdout, read_input, serve

ANSWERS = own_stdout()

import keras
from aucmedi.xai.methods.gradcam import GradCAM

model_path, input_path, layer = sys.argv[1:]
model = keras.models.load_model(model_path, compile=False)
x = read_input(input_path)


def explain(class_index: int):
    return GradCAM(model, layer).compute_heatmap(x, class_index)


serve(ANSWERS, ["aucmedi", "tensorflow", "keras"], explain, explain)
