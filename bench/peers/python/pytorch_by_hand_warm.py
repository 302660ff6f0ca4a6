"""Grad-CAM as a good engineer writes it in PyTorch, kept open: pytorch_by_hand_warm.py NETWORK WEIGHTS.pt INPUT THREADS.

A hook makes the layer's output a leaf, and only the gradient at that leaf is computed: before it nothing is recorded, behind it
no weight has a gradient.
"""

from __future__ import annotations

import sys

from protocol import own_stdout, read_input, serve

ANSWERS = own_stdout()

from torch_networks import NETWORKS, load  # before all that imports torchvision

import torch

name, weights_path, input_path, threads = sys.argv[1:]
torch.set_num_threads(int(threads))
network, layer = load(name, weights_path)
network.requires_grad_(False)
reshape = NETWORKS[name].reshape or (lambda activation: activation)
x = torch.from_numpy(read_input(input_path).transpose(0, 3, 1, 2).copy())  # [1, 3, 224, 224]
activation = torch.empty(0)


def keep(_module, _inputs, output):
    global activation
    activation = output.detach().requires_grad_()
    return activation


layer.register_forward_hook(keep)


def explain(class_index: int):
    score = network(x)[0, class_index]
    (gradient,) = torch.autograd.grad(score, activation)
    values, slopes = reshape(activation.detach()), reshape(gradient)  # [1, k, h, w]
    weights = slopes.mean((2, 3), keepdim=True)
    heatmap = (weights * values).sum(1)[0].relu()  # [h, w]
    heatmap -= heatmap.min()
    return (heatmap / (heatmap.max() + 1e-7)).numpy()


serve(ANSWERS, ["torch", "torchvision"], explain, explain)
