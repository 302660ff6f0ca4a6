"""Small convolutional networks in PyTorch, each with something that its ONNX file can hold in its own way."""

from __future__ import annotations

import torch
from onnx_network import Layer, Network, at
from torch import nn
from torch.nn import functional as F


class BasicBlock(nn.Module):
    def __init__(self, inputs: int, outputs: int, stride: int = 1) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.relu = nn.ReLU(inplace=True)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        self.downsample = None
        if stride != 1 or inputs != outputs:
            conv = nn.Conv2d(inputs, outputs, 1, stride, bias=False)
            self.downsample = nn.Sequential(conv, nn.BatchNorm2d(outputs))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        skipped = x if self.downsample is None else self.downsample(x)
        out = self.relu(self.bn1(self.conv1(x)))
        out = self.bn2(self.conv2(out))
        out += skipped
        return self.relu(out)


class Residual(nn.Module):
    """As torchvision's ResNet18: one module of ReLU that is called twice, in place, and batch norms to fold."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(3, 8, 7, 2, 3, bias=False)
        self.bn1 = nn.BatchNorm2d(8)
        self.relu = nn.ReLU(inplace=True)
        self.maxpool = nn.MaxPool2d(3, 2, 1)
        self.layer1 = nn.Sequential(BasicBlock(8, 8), BasicBlock(8, 8))
        self.layer2 = nn.Sequential(BasicBlock(8, 12, 2), BasicBlock(12, 12))
        self.avgpool = nn.AdaptiveAvgPool2d((1, 1))
        self.fc = nn.Linear(12, 6)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.maxpool(self.relu(self.bn1(self.conv1(x))))
        x = self.avgpool(self.layer2(self.layer1(x)))
        return self.fc(torch.flatten(x, 1))


class DenseLayer(nn.Module):
    def __init__(self, inputs: int, growth: int) -> None:
        super().__init__()
        self.norm1 = nn.BatchNorm2d(inputs)
        self.relu1 = nn.ReLU(inplace=True)
        self.conv1 = nn.Conv2d(inputs, 2 * growth, 1, bias=False)
        self.norm2 = nn.BatchNorm2d(2 * growth)
        self.relu2 = nn.ReLU(inplace=True)
        self.conv2 = nn.Conv2d(2 * growth, growth, 3, padding=1, bias=False)

    def forward(self, features: list[torch.Tensor]) -> torch.Tensor:
        x = self.conv1(self.relu1(self.norm1(torch.cat(features, 1))))
        return self.conv2(self.relu2(self.norm2(x)))


class DenseBlock(nn.ModuleDict):
    def __init__(self, layers: int, inputs: int, growth: int) -> None:
        super().__init__()
        for layer in range(layers):
            self.add_module(f"denselayer{layer + 1}", DenseLayer(inputs + layer * growth, growth))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        features = [x]
        for layer in self.values():
            features.append(layer(features))
        return torch.cat(features, 1)


class Dense(nn.Module):
    """As torchvision's DenseNet: batch norms before the convolutions, which cannot be folded; a softmax at the end."""

    def __init__(self) -> None:
        super().__init__()
        self.features = nn.Sequential()
        self.features.add_module("conv0", nn.Conv2d(3, 8, 3, 2, 1, bias=False))
        self.features.add_module("norm0", nn.BatchNorm2d(8))
        self.features.add_module("relu0", nn.ReLU(inplace=True))
        self.features.add_module("denseblock1", DenseBlock(3, 8, 4))
        transition = nn.Sequential(nn.BatchNorm2d(20), nn.ReLU(True), nn.Conv2d(20, 10, 1), nn.AvgPool2d(2, 2))
        self.features.add_module("transition1", transition)
        self.features.add_module("denseblock2", DenseBlock(2, 10, 4))
        self.features.add_module("norm5", nn.BatchNorm2d(18))
        self.classifier = nn.Linear(18, 5)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = F.relu(self.features(x), inplace=True)
        x = torch.flatten(F.adaptive_avg_pool2d(x, (1, 1)), 1)
        return F.softmax(self.classifier(x), dim=1)


class SqueezeExcite(nn.Module):
    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv_reduce = nn.Conv2d(channels, 4, 1)
        self.act1 = nn.ReLU(inplace=True)
        self.conv_expand = nn.Conv2d(4, channels, 1)
        self.gate = nn.Hardsigmoid()

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        gate = x.mean((2, 3), keepdim=True)
        return x * self.gate(self.conv_expand(self.act1(self.conv_reduce(gate))))


class InvertedBlock(nn.Module):
    def __init__(self, inputs: int, outputs: int, stride: int, kernel: int, act: type[nn.Module]) -> None:
        super().__init__()
        middle = 2 * inputs
        self.conv_pw = nn.Conv2d(inputs, middle, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(middle)
        self.act1 = act()
        self.conv_dw = nn.Conv2d(middle, middle, kernel, stride, kernel // 2, groups=middle, bias=False)
        self.bn2 = nn.BatchNorm2d(middle)
        self.act2 = act()
        self.se = SqueezeExcite(middle)
        self.conv_pwl = nn.Conv2d(middle, outputs, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(outputs)
        self.has_skip = stride == 1 and inputs == outputs

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        out = self.act1(self.bn1(self.conv_pw(x)))
        out = self.se(self.act2(self.bn2(self.conv_dw(out))))
        out = self.bn3(self.conv_pwl(out))
        return out + x if self.has_skip else out


class InvertedResidual(nn.Module):
    """As timm's MobileNetV3 and EfficientNet: depthwise convolutions, squeeze and excite, hard swish, SiLU, ReLU6."""

    def __init__(self) -> None:
        super().__init__()
        self.conv_stem = nn.Conv2d(3, 8, 3, 2, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(8)
        self.act1 = nn.Hardswish()
        self.blocks = nn.Sequential(
            InvertedBlock(8, 8, 1, 3, nn.ReLU6),
            InvertedBlock(8, 12, 2, 5, nn.Hardswish),
            InvertedBlock(12, 12, 1, 3, nn.SiLU),
        )
        self.conv_head = nn.Conv2d(12, 24, 1)
        self.act2 = nn.Hardswish()
        self.dropout = nn.Dropout(0.2)
        self.classifier = nn.Linear(24, 7)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.blocks(self.act1(self.bn1(self.conv_stem(x))))
        x = self.act2(self.conv_head(x)).mean([2, 3])
        return self.classifier(self.dropout(x))


class ShuffleUnit(nn.Module):
    def __init__(self, inputs: int, outputs: int, stride: int) -> None:
        super().__init__()
        half = outputs // 2
        self.stride = stride
        self.branch1 = nn.Sequential()
        if stride > 1:
            self.branch1 = nn.Sequential(
                nn.Conv2d(inputs, inputs, 3, stride, 1, groups=inputs, bias=False),
                nn.BatchNorm2d(inputs),
                nn.Conv2d(inputs, half, 1, bias=False),
                nn.BatchNorm2d(half),
                nn.ReLU(inplace=True),
            )
        entering = inputs if stride > 1 else half
        self.branch2 = nn.Sequential(
            nn.Conv2d(entering, half, 1, bias=False),
            nn.BatchNorm2d(half),
            nn.ReLU(inplace=True),
            nn.Conv2d(half, half, 3, stride, 1, groups=half, bias=False),
            nn.BatchNorm2d(half),
            nn.Conv2d(half, half, 1, bias=False),
            nn.BatchNorm2d(half),
            nn.ReLU(inplace=True),
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if self.stride == 1:
            kept, taken = x.chunk(2, dim=1)
            out = torch.cat((kept, self.branch2(taken)), 1)
        else:
            out = torch.cat((self.branch1(x), self.branch2(x)), 1)
        batch, channels, height, width = out.size()
        out = out.view(batch, 2, channels // 2, height, width).transpose(1, 2).contiguous()
        return out.view(batch, channels, height, width)


class Shuffle(nn.Module):
    """As torchvision's ShuffleNetV2: channels in two halves, which are shuffled by five axes."""

    def __init__(self) -> None:
        super().__init__()
        conv1 = nn.Conv2d(3, 8, 3, 2, 1, bias=False)
        self.conv1 = nn.Sequential(conv1, nn.BatchNorm2d(8), nn.ReLU(inplace=True))
        self.maxpool = nn.MaxPool2d(3, 2, 1)
        self.stage2 = nn.Sequential(ShuffleUnit(8, 16, 2), ShuffleUnit(16, 16, 1), ShuffleUnit(16, 16, 1))
        self.conv5 = nn.Sequential(nn.Conv2d(16, 20, 1, bias=False), nn.BatchNorm2d(20), nn.ReLU(inplace=True))
        self.fc = nn.Linear(20, 6)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.conv5(self.stage2(self.maxpool(self.conv1(x))))
        return self.fc(x.mean([2, 3]))


class LayerNorm2d(nn.LayerNorm):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = x.permute(0, 2, 3, 1)
        x = F.layer_norm(x, self.normalized_shape, self.weight, self.bias, self.eps)
        return x.permute(0, 3, 1, 2)


class ConvNextBlock(nn.Module):
    def __init__(self, channels: int, approximate: str) -> None:
        super().__init__()
        self.conv_dw = nn.Conv2d(channels, channels, 7, padding=3, groups=channels)
        self.norm = nn.LayerNorm(channels, eps=1e-6)
        self.fc1 = nn.Linear(channels, 2 * channels)
        self.act = nn.GELU(approximate)
        self.fc2 = nn.Linear(2 * channels, channels)
        self.gamma = nn.Parameter(torch.ones(channels))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        out = self.norm(self.conv_dw(x).permute(0, 2, 3, 1))
        out = self.gamma * self.fc2(self.act(self.fc1(out)))
        return x + out.permute(0, 3, 1, 2)


class ConvNext(nn.Module):
    """As timm's ConvNeXt: layer norms over channels that are last for a while, dense layers over every pixel."""

    def __init__(self, approximate: str = "none") -> None:
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(3, 12, 4, 4), LayerNorm2d(12, eps=1e-6))
        self.stages = nn.Sequential(
            nn.Sequential(ConvNextBlock(12, approximate), ConvNextBlock(12, approximate)),
            nn.Sequential(LayerNorm2d(12, eps=1e-6), nn.Conv2d(12, 16, 2, 2), ConvNextBlock(16, approximate)),
        )
        self.norm = LayerNorm2d(16, eps=1e-6)
        self.head = nn.Linear(16, 6)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.stages(self.stem(x))
        return self.head(self.norm(F.adaptive_avg_pool2d(x, 1)).flatten(1))


class GroupedDilated(nn.Module):
    """Groups, dilations, a depthwise convolution with a multiplier, leaky ReLU, ELU, a convolution of one side."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Conv2d(3, 12, (3, 5), (2, 1), (1, 2))
        self.leaky = nn.LeakyReLU(0.1, inplace=True)
        self.grouped = nn.Conv2d(12, 18, 3, 2, 1, groups=3, bias=False)
        self.bn = nn.BatchNorm2d(18)
        self.elu = nn.ELU(0.7)
        self.dilated = nn.Conv2d(18, 12, 3, padding=2, dilation=2, groups=6)
        self.multiplied = nn.Conv2d(12, 24, 3, padding=(1, 3), dilation=(1, 3), groups=12)
        self.fc = nn.Linear(24, 5)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.leaky(self.stem(x))
        x = self.elu(self.bn(self.grouped(x)))
        x = F.relu(self.dilated(x))
        x = torch.tanh(self.multiplied(x))
        return self.fc(x.mean((-2, -1)))


class Activations(nn.Module):
    """Activations with parameters of their own, one after another."""

    def __init__(self) -> None:
        super().__init__()
        acts = [nn.PReLU(8), nn.PReLU(), nn.SELU(), nn.CELU(0.6), nn.Softplus(2), nn.Mish(), nn.Softsign()]
        acts += [nn.Hardtanh(-0.8, 1.2), nn.Hardsigmoid(), nn.GELU(), nn.GELU("tanh"), nn.Hardswish(), nn.Sigmoid()]
        acts += [nn.LogSigmoid(), nn.Tanh()]
        self.convs = nn.ModuleList(nn.Conv2d(8 if at else 3, 8, 1 if at else 3, 1 if at else 2) for at in range(15))
        self.acts = nn.ModuleList(acts)
        self.fc = nn.Linear(8, 4)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        for conv, act in zip(self.convs, self.acts, strict=True):
            x = act(conv(x) * 1.5)
        return self.fc(torch.amax(x, dim=(2, 3)) + x.mean((2, 3)))


class Norms(nn.Module):
    """Instance norm with and without weights, group norm, local response norm, a layer norm over all."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(3, 8, 3, 2, 1)
        self.instance = nn.InstanceNorm2d(8, affine=True)
        self.conv2 = nn.Conv2d(8, 12, 3, 1, 1)
        self.group = nn.GroupNorm(3, 12)
        self.silu = nn.SiLU(inplace=True)
        self.lrn = nn.LocalResponseNorm(5, 0.3, 0.75, 1.5)
        self.conv3 = nn.Conv2d(12, 10, 3, 2, 1, bias=False)
        self.bare = nn.InstanceNorm2d(10)
        self.whole = nn.GroupNorm(1, 10)
        self.conv4 = nn.Conv2d(10, 10, 3, 1, 1)
        self.fc = nn.Linear(10, 5)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = F.relu(self.instance(self.conv1(x)))
        x = self.conv3(self.silu(self.group(self.conv2(x))))
        x = self.lrn(F.relu(self.bare(x) + self.whole(x)))
        return self.fc(F.relu(self.conv4(x)).mean((2, 3)))


class UnevenPadding(nn.Module):
    """Pads of every mode that differ on all sides, pools that round up or count what is padded, "same" of even sides."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(3, 8, (3, 4), 2)
        self.max = nn.MaxPool2d((3, 2), 2, (1, 0), ceil_mode=True)
        self.conv2 = nn.Conv2d(8, 10, 4, padding="same")
        self.conv3 = nn.Conv2d(10, 10, 3, padding=(0, 1), padding_mode="reflect")
        self.mean = nn.AvgPool2d(3, 2, 1, ceil_mode=True, count_include_pad=False)
        self.conv4 = nn.Conv2d(10, 8, 2, padding=1, padding_mode="replicate")
        self.counted = nn.AvgPool2d((2, 3), 1, (1, 1))
        self.fc = nn.Linear(8 * 6, 5)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = F.relu(self.conv1(F.pad(x, (1, 2, 0, 3))))
        x = F.relu(self.conv2(self.max(x)))
        x = F.relu(self.conv3(F.pad(x, (2, 0, 1, 0), mode="reflect")))
        x = F.relu(self.conv4(F.pad(self.mean(x), (0, 1, 2, 0), value=0.5)))
        x = F.avg_pool2d(self.counted(x)[:, :, 1:-1, :-1], (3, 3))
        return self.fc(x.flatten(1))


class Transposed(nn.Module):
    """Transposed convolutions with output padding, groups, dilation and uneven strides."""

    def __init__(self) -> None:
        super().__init__()
        self.down = nn.Conv2d(3, 8, 5, 4, 2)
        self.up1 = nn.ConvTranspose2d(8, 8, 3, 2, 1, output_padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(8)
        self.up2 = nn.ConvTranspose2d(8, 6, (2, 4), (2, 1), (0, 2), groups=2)
        self.up3 = nn.ConvTranspose2d(6, 6, 3, 1, 2, dilation=2)
        self.last = nn.Conv2d(6, 12, 3, 4, 1)
        self.fc = nn.Linear(12, 5)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = F.relu(self.down(x))
        x = F.relu(self.bn1(self.up1(x)))
        x = F.relu(self.up2(x))
        x = F.relu(self.up3(x))
        return self.fc(F.relu(self.last(x)).mean((2, 3)))


class Segmentation(nn.Module):
    """A U-Net that gives a picture of scores: enlarging by bilinear, nearest and shuffled pixels, joined ends."""

    def __init__(self) -> None:
        super().__init__()
        self.enc1 = nn.Sequential(nn.Conv2d(3, 6, 3, 1, 1, bias=False), nn.BatchNorm2d(6), nn.ReLU(inplace=True))
        self.enc2 = nn.Sequential(nn.Conv2d(6, 8, 3, 2, 1, bias=False), nn.BatchNorm2d(8), nn.ReLU(inplace=True))
        self.enc3 = nn.Sequential(nn.Conv2d(8, 12, 3, 2, 1, bias=False), nn.BatchNorm2d(12), nn.ReLU(inplace=True))
        self.middle = nn.Conv2d(12, 16, 3, 1, 2, dilation=2)
        self.shuffle = nn.PixelShuffle(2)
        self.dec2 = nn.Sequential(nn.Conv2d(12, 8, 3, 1, 1), nn.ReLU(inplace=True))
        self.dec1 = nn.Sequential(nn.Conv2d(8 + 6 + 12, 8, 3, 1, 1), nn.ReLU(inplace=True))
        self.head = nn.Conv2d(8, 4, 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        first = self.enc1(x)
        second = self.enc2(first)
        third = self.enc3(second)
        x = self.dec2(torch.cat([self.shuffle(F.relu(self.middle(third))), second], 1))
        near = F.interpolate(third, scale_factor=4, mode="nearest")
        smooth = F.interpolate(x, size=first.shape[-2:], mode="bilinear", align_corners=False)
        return self.head(self.dec1(torch.cat([smooth, first, near], 1)))


class Flattened(nn.Module):
    """As VGG: pixels and channels flattened in PyTorch's order before the dense layers."""

    def __init__(self) -> None:
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(3, 8, 3, padding=1),
            nn.ReLU(inplace=True),
            nn.MaxPool2d(4, 4),
            nn.Conv2d(8, 8, 3, padding=1),
            nn.BatchNorm2d(8),
            nn.ReLU(inplace=True),
            nn.MaxPool2d(2, 2),
        )
        self.avgpool = nn.AdaptiveAvgPool2d((2, 3))
        self.classifier = nn.Sequential(nn.Linear(48, 20), nn.ReLU(True), nn.Dropout(), nn.Linear(20, 5))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.classifier(torch.flatten(self.avgpool(self.features(x)), 1))


class Operators(nn.Module):
    """What authors write by hand: powers, einsum, where, expand, gather, roll, top values, constants."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(3, 8, 3, 2, 1)
        self.conv2 = nn.Conv2d(8, 8, 3, 1, 1)
        self.conv3 = nn.Conv2d(16, 8, 3, 2, 1)
        self.mix = nn.Parameter(torch.zeros(8, 8))
        self.register_buffer("order", torch.tensor([3, 0, 7, 1, 6, 2, 5, 4]))
        self.register_buffer("mean", torch.tensor([0.1, -0.2, 0.3]).view(1, 3, 1, 1))
        self.power = nn.Parameter(torch.ones(1))
        self.fc = nn.Linear(8, 5)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.conv1((x - self.mean) / 0.9)
        x = torch.where(x > 0, x, 0.2 * x)
        x = torch.einsum("bchw,kc->bkhw", x, self.mix)
        turned = torch.roll(self.conv2(x)[:, self.order], (2, -3), (2, 3)).clamp(min=-0.5)
        pooled = F.max_pool2d(turned, 3, 1, 1) - (x.square() + 0.3).sqrt() * 0.3
        x = F.relu(self.conv3(torch.cat([pooled, torch.stack([x, turned]).sum(0)], 1)))
        generalised = x.clamp(min=1e-3).pow(self.power + 1).mean((2, 3)).pow(1 / (self.power + 1))
        best = x.flatten(2).topk(3, dim=2).values.mean(2)
        return self.fc(generalised + best * torch.rsqrt(best.square().sum(1, keepdim=True) + 1))


class Quantised(nn.Module):
    """Convolutions and dense layers without norms, whose weights a quantiser takes as they are."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(3, 8, 3, 2, 1)
        self.conv2 = nn.Conv2d(8, 8, 3, 1, 1, groups=8)
        self.conv3 = nn.Conv2d(8, 8, 1)
        self.conv4 = nn.Conv2d(8, 12, 3, 2, 1)
        self.fc = nn.Linear(12, 5)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = F.relu(self.conv1(x))
        x = x + F.relu(self.conv3(self.conv2(x)))
        x = F.relu(self.conv4(x))
        return self.fc(x.mean((2, 3)))


CONVOLUTIONAL = [
    Network(
        "residual", Residual, (48, 64), at("bn1", "relu", "layer1.0", "layer2.0.bn2", "layer2"),
        ("torchscript11", "torchscript17", "torchscript17_any_size", "dynamo18", "newest_external",
         "torchscript17_float16", "newest_unfolded"),
    ),
    Network(
        "dense", Dense, (32, 48), at("features.denseblock1", "features.transition1", "features.norm5"),
        ("torchscript11", "torchscript20", "newest", "newest_unoptimised"),
    ),
    Network(
        "inverted_residual", InvertedResidual, (48, 64), at("act1", "blocks.0", "blocks.1.se", "blocks.2"),
        ("torchscript11", "torchscript17", "dynamo18", "newest", "torchscript17_float64"),
    ),
    Network("shuffle", Shuffle, (48, 64), at("conv1", "stage2.0", "stage2.1"),
            ("torchscript11", "torchscript17_batch", "newest_batch")),
    Network(
        "convnext", ConvNext, (48, 64), at("stem", "stages.0.0", "stages.1"),
        ("torchscript11", "torchscript17", "dynamo18", "newest_external", "newest_bfloat16"),
    ),
    Network("convnext_tanh", lambda: ConvNext("tanh"), (32, 48), at("stages.0", "stages.1.1", "stages.1"),
            ("torchscript20", "newest")),
    Network("grouped_dilated", GroupedDilated, (32, 48), (*at("stem", "dilated", "elu"), Layer("bn", convolution="grouped")),
            ("torchscript11", "torchscript17", "newest", "newest_float16")),
    Network("activations", Activations, (17, 23), at("acts.0", "acts.5", "acts.12", "convs.14"),
            ("torchscript12", "torchscript20", "newest")),
    Network("norms", Norms, (32, 48), at("instance", "group", "lrn", "conv4"),
            ("torchscript11", "torchscript17", "dynamo18", "newest")),
    Network("uneven_padding", UnevenPadding, (33, 45), at("conv1", "max", "conv2", "conv4"),
            ("torchscript11", "torchscript17", "newest")),
    Network("transposed", Transposed, (32, 48), at("down", "bn1", "up2", "up3"),
            ("torchscript11", "torchscript20", "newest")),
    Network("segmentation", Segmentation, (32, 48), at("enc2", "middle", "dec1"),
            ("torchscript11", "torchscript17_any_size", "dynamo18", "newest", "newest_any_size")),
    Network("flattened", Flattened, (32, 48), at("features.2", "features.4", "features.6"),
            ("torchscript11", "torchscript17_batch", "newest")),
    Network("operators", Operators, (32, 48), at("conv1", "conv2", "conv3"),
            ("torchscript17", "dynamo18", "newest")),
    Network("quantised", Quantised, (32, 48), at("conv1", "conv3", "conv4"),
            ("torchscript17_qdq", "torchscript17_qoperator", "torchscript17_dynamic")),
]  # fmt: skip
