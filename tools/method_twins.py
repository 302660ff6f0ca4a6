"""Networks of testdata/zoo once more in PyTorch, with the same weights."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import torch
from torch import nn

# torchvision's compiled part is of no use here and need not fit this torch: its two operators are only declared.
library = torch.library.Library("torchvision", "DEF")
library.define("nms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
library.define("qnms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")

Weights = Mapping[str, list[np.ndarray]]


def same(size: int, kernel: int, stride: int) -> tuple[int, int]:
    """Return how TensorFlow pads one axis so that its length is that of the stride's steps."""
    total = max((-(-size // stride) - 1) * stride + kernel - size, 0)
    return total // 2, total - total // 2


def conv(weights: Weights, name: str, stride: int = 1, size: tuple[int, int] | None = None) -> nn.Module:
    """Return a convolution by the weights of a layer; padded where the size of its input is given."""
    kernel, *bias = weights[name]
    height, width, inputs, outputs = kernel.shape
    layer = nn.Conv2d(inputs, outputs, (height, width), stride, bias=bool(bias))
    layer.weight.data = torch.tensor(kernel.transpose(3, 2, 0, 1))
    if bias:
        layer.bias.data = torch.tensor(bias[0])
    if size is None:
        return layer
    top, bottom = same(size[0], height, stride)
    left, right = same(size[1], width, stride)
    return nn.Sequential(nn.ZeroPad2d((left, right, top, bottom)), layer)


def norm(weights: Weights, name: str, epsilon: float = 1e-3) -> nn.Module:
    gamma, beta, mean, variance = (torch.tensor(value) for value in weights[name])
    layer = nn.BatchNorm2d(len(gamma), eps=epsilon)
    layer.weight.data, layer.bias.data, layer.running_mean, layer.running_var = gamma, beta, mean, variance
    return layer


def dense(weights: Weights, name: str) -> nn.Module:
    kernel, bias = weights[name]
    layer = nn.Linear(*kernel.shape)
    layer.weight.data, layer.bias.data = torch.tensor(kernel.T.copy()), torch.tensor(bias)
    return layer


class FlattenLast(nn.Module):
    """Flatten with the channels innermost, as TensorFlow does."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x.permute(0, 2, 3, 1).flatten(1)


class Sequential(nn.Module):
    def __init__(self, weights: Weights, is_logit: bool) -> None:
        super().__init__()
        self.conv1, self.relu1 = conv(weights, "conv1", size=(16, 24)), nn.ReLU()
        self.pool1 = nn.MaxPool2d(2)
        self.conv2, self.relu2 = conv(weights, "conv2"), nn.ReLU()
        self.pool2, self.flatten = nn.AvgPool2d(2), FlattenLast()
        self.hidden, self.hidden_relu = dense(weights, "hidden"), nn.ReLU()
        self.predictions = dense(weights, "predictions")
        self.end = nn.Identity() if is_logit else nn.Softmax(-1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.pool1(self.relu1(self.conv1(x)))
        x = self.pool2(self.relu2(self.conv2(x)))
        return self.end(self.predictions(self.hidden_relu(self.hidden(self.flatten(x)))))


class Residual(nn.Module):
    def __init__(self, weights: Weights, is_logit: bool) -> None:
        super().__init__()
        whole, half = (16, 24), (8, 12)
        self.stem_conv, self.stem = conv(weights, "stem", 2, whole), nn.ReLU()
        self.block1_a, self.block1_a_relu = conv(weights, "block1_a", size=half), nn.ReLU()
        self.block1_b, self.block1_b_bn = conv(weights, "block1_b_conv", size=half), norm(weights, "block1_b_bn")
        self.block1_add, self.block1_relu = nn.Identity(), nn.ReLU()
        self.block2_a, self.block2_a_relu = conv(weights, "block2_a", 2, half), nn.ReLU()
        self.block2_b, self.block2_b_bn = conv(weights, "block2_b_conv", size=(4, 6)), norm(weights, "block2_b_bn")
        self.shortcut = conv(weights, "block2_shortcut_conv", 2, half)
        self.shortcut_bn = norm(weights, "block2_shortcut_bn")
        self.block2_add, self.block2_relu = nn.Identity(), nn.ReLU()
        self.predictions = dense(weights, "predictions")
        self.end = nn.Identity() if is_logit else nn.Softmax(-1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.stem(self.stem_conv(x))
        y = self.block1_b_bn(self.block1_b(self.block1_a_relu(self.block1_a(x))))
        x = self.block1_relu(self.block1_add(x + y))
        y = self.block2_b_bn(self.block2_b(self.block2_a_relu(self.block2_a(x))))
        x = self.block2_relu(self.block2_add(self.shortcut_bn(self.shortcut(x)) + y))
        return self.end(self.predictions(x.mean((2, 3))))


class Stub(nn.Module):
    """A network that gives A and whose gradient there is g, for methods that see no more of a network."""

    def __init__(self, a: np.ndarray, g: np.ndarray) -> None:
        super().__init__()
        self.layer = nn.Identity()
        self.a = nn.Parameter(torch.tensor(a.transpose(2, 0, 1)[None], dtype=torch.float32))
        self.g = torch.tensor(g.transpose(2, 0, 1)[None], dtype=torch.float32)

    def forward(self, _: torch.Tensor) -> torch.Tensor:
        return (self.layer(self.a) * self.g).sum().reshape(1, 1)


TWINS = {"sequential": Sequential, "residual": Residual}
