"""The networks in PyTorch, changed where Keras computes otherwise, so that one set of weights gives the same scores.

VGG16 is torchvision's as it stands. ResNet50's blocks stride in their first convolution, not in their second, as
Keras's do; MobileNetV2's strided convolutions are padded at the end alone; batch norms have Keras's epsilon.
EfficientNet-Lite0 is that of efficientnet-lite-pytorch. ViT-B-16 is torchvision's as it stands; Keras has none.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import nn

# torchvision's compiled part is of no use here and need not fit this torch: its two operators are only declared.
library = torch.library.Library("torchvision", "DEF")
library.define("nms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
library.define("qnms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")


@dataclass(frozen=True)
class Network:
    """How a network is built, and which of its modules gives what the layer in Keras gives."""

    build: Callable[[], nn.Module]
    layer: Callable[[nn.Module], nn.Module]
    reshape: Callable[[torch.Tensor], torch.Tensor] | None = None  # from tokens to a picture
    is_own: bool = False  # whether its weights are made here, not carried over


def with_epsilon(network: nn.Module, epsilon: float) -> nn.Module:
    for module in network.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.eps = epsilon
    return network


def efficientnet_lite0() -> nn.Module:
    from efficientnet_lite_pytorch import EfficientNet

    network = EfficientNet.from_name("efficientnet-lite0")
    # All activations are one module there, so one of its own stands for what the last of them gives.
    network._avg_pooling = nn.Sequential(nn.Identity(), network._avg_pooling)
    return with_epsilon(network, 1e-3)


def mobilenet_v2() -> nn.Module:
    from torchvision.models import mobilenet_v2

    network = mobilenet_v2(weights=None)
    for module in list(network.modules()):
        for name, child in module.named_children():
            if isinstance(child, nn.Conv2d) and child.stride == (2, 2):
                child.padding = (0, 0)
                setattr(module, name, nn.Sequential(nn.ZeroPad2d((0, 1, 0, 1)), child))
    return with_epsilon(network, 1e-3)


def resnet50() -> nn.Module:
    from torchvision.models import resnet50
    from torchvision.models.resnet import Bottleneck

    network = resnet50(weights=None)
    for module in network.modules():
        if isinstance(module, Bottleneck):
            module.conv1.stride, module.conv2.stride = module.conv2.stride, (1, 1)
    return with_epsilon(network, 1.001e-5)


def vgg16() -> nn.Module:
    from torchvision.models import vgg16

    return vgg16(weights=None)


def vit_b_16() -> nn.Module:
    from torchvision.models import vit_b_16

    return vit_b_16(weights=None)


def tokens_as_picture(tokens: torch.Tensor) -> torch.Tensor:
    """Return [1, 768, 14, 14] for [1, 197, 768]: the first token is that of the class."""
    return tokens[:, 1:].reshape(len(tokens), 14, 14, -1).permute(0, 3, 1, 2)


NETWORKS = {
    "EfficientNet-Lite0": Network(efficientnet_lite0, lambda network: network._avg_pooling[0]),
    "MobileNetV2": Network(mobilenet_v2, lambda network: network.features[-1]),
    "ResNet50": Network(resnet50, lambda network: network.layer4[-1]),
    "VGG16": Network(vgg16, lambda network: network.features[-1]),
    "ViT-B-16": Network(vit_b_16, lambda network: network.encoder.layers[-1].ln_1, tokens_as_picture, is_own=True),
}


def load(name: str, path: str) -> tuple[nn.Module, nn.Module]:
    """Return a network with its weights and the module to explain."""
    network = NETWORKS[name].build()
    network.load_state_dict(torch.load(path, weights_only=True))
    return network.eval(), NETWORKS[name].layer(network)
