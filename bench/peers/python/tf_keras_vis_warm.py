"""tf-keras-vis's Grad-CAM, kept open: tf_keras_vis_warm.py MODEL.keras INPUT LAYER."""

from __future__ import annotations

import sys

from protocol import own_stdout, read_input, serve

ANSWERS = own_stdout()

import keras
from tf_keras_vis.gradcam import Gradcam
from tf_keras_vis.utils.scores import CategoricalScore

model_path, input_path, layer = sys.argv[1:]
model = keras.models.load_model(model_path, compile=False)
x = read_input(input_path)
gradcam = Gradcam(model, clone=False)


def explain(class_index: int, **options: bool):
    score = CategoricalScore([class_index])
    maps = gradcam(score, x, penultimate_layer=layer, seek_penultimate_conv_layer=False, **options)
    return maps[0]


serve(
    ANSWERS,
    ["tf-keras-vis", "tensorflow", "keras"],
    explain,
    lambda class_index: explain(class_index, expand_cam=False),
)
