"""pytorch-grad-cam, kept open: pytorch_grad_cam_warm.py NETWORK WEIGHTS.pt INPUT THREADS."""

from __future__ import annotations

import sys

from protocol import own_stdout, read_input, serve

ANSWERS = own_stdout()

from torch_networks import NETWORKS, load  # before all that imports torchvision

import torch
from pytorch_grad_cam import GradCAM
from pytorch_grad_cam.utils.model_targets import ClassifierOutputTarget

name, weights_path, input_path, threads = sys.argv[1:]
torch.set_num_threads(int(threads))
network, layer = load(name, weights_path)
x = torch.from_numpy(read_input(input_path).transpose(0, 3, 1, 2).copy())  # [1, 3, 224, 224]
cam = GradCAM(model=network, target_layers=[layer], reshape_transform=NETWORKS[name].reshape)


def explain(class_index: int):
    return cam(input_tensor=x, targets=[ClassifierOutputTarget(class_index)])[0]


def explain_at_size_of_layer(class_index: int):
    enlarged = cam.get_target_width_height
    cam.get_target_width_height = lambda _: cam.activations_and_grads.activations[0].shape[:1:-1]
    try:
        return explain(class_index)
    finally:
        cam.get_target_width_height = enlarged


serve(ANSWERS, ["grad-cam", "torch", "torchvision"], explain, explain_at_size_of_layer)
