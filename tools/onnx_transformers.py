"""Small transformers in PyTorch: tokens as a grid, with and without tokens of other kinds, windows, embeddings."""

from __future__ import annotations

import torch
from onnx_network import Layer, Network, at, tokens
from torch import nn
from torch.nn import functional as F


class Attention(nn.Module):
    """As timm's: one dense layer for queries, keys and values; PyTorch's own attention, or its parts."""

    def __init__(self, channels: int, heads: int, fused: bool) -> None:
        super().__init__()
        self.heads = heads
        self.fused = fused
        self.scale = (channels // heads) ** -0.5
        self.qkv = nn.Linear(channels, 3 * channels)
        self.proj = nn.Linear(channels, channels)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        batch, count, channels = x.shape
        qkv = self.qkv(x).reshape(batch, count, 3, self.heads, channels // self.heads).permute(2, 0, 3, 1, 4)
        q, k, v = qkv.unbind(0)
        if self.fused:
            x = F.scaled_dot_product_attention(q, k, v)
        else:
            x = ((q * self.scale) @ k.transpose(-2, -1)).softmax(dim=-1) @ v
        return self.proj(x.transpose(1, 2).reshape(batch, count, channels))


class Mlp(nn.Module):
    def __init__(self, channels: int, act: nn.Module) -> None:
        super().__init__()
        self.fc1 = nn.Linear(channels, 2 * channels)
        self.act = act
        self.fc2 = nn.Linear(2 * channels, channels)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.fc2(self.act(self.fc1(x)))


class LayerScale(nn.Module):
    def __init__(self, channels: int) -> None:
        super().__init__()
        self.gamma = nn.Parameter(torch.ones(channels))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x * self.gamma


class Block(nn.Module):
    def __init__(self, channels: int, heads: int, fused: bool, scaled: bool) -> None:
        super().__init__()
        self.norm1 = nn.LayerNorm(channels, eps=1e-6)
        self.attn = Attention(channels, heads, fused)
        self.ls1 = LayerScale(channels) if scaled else nn.Identity()
        self.norm2 = nn.LayerNorm(channels, eps=1e-6)
        self.mlp = Mlp(channels, nn.GELU())
        self.ls2 = LayerScale(channels) if scaled else nn.Identity()

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = x + self.ls1(self.attn(self.norm1(x)))
        return x + self.ls2(self.mlp(self.norm2(x)))


class PatchEmbed(nn.Module):
    def __init__(self, channels: int, patch: int) -> None:
        super().__init__()
        self.proj = nn.Conv2d(3, channels, patch, patch)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.proj(x).flatten(2).transpose(1, 2)


class VisionTransformer(nn.Module):
    """As timm's: a class token, register tokens behind it as DINOv2 has them, layer scale."""

    def __init__(self, grid: tuple[int, int], registers: int, pooled: bool = False, fused: bool = True) -> None:
        super().__init__()
        channels = 24
        self.pooled = pooled
        self.patch_embed = PatchEmbed(channels, 8)
        self.class_token = None if pooled else nn.Parameter(torch.zeros(1, 1, channels))
        self.register_tokens = nn.Parameter(torch.zeros(1, registers, channels)) if registers else None
        self.pos_embed = nn.Parameter(torch.zeros(1, grid[0] * grid[1] + (0 if pooled else 1), channels))
        self.blocks = nn.Sequential(*(Block(channels, 3, fused, registers > 0) for _ in range(3)))
        self.norm = nn.LayerNorm(channels, eps=1e-6)
        self.head = nn.Linear(channels, 6)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.patch_embed(x)
        if self.class_token is not None:
            x = torch.cat([self.class_token.expand(x.shape[0], -1, -1), x], dim=1)
        x = x + self.pos_embed
        if self.register_tokens is not None:
            more = self.register_tokens.expand(x.shape[0], -1, -1)
            x = torch.cat([x[:, :1], more, x[:, 1:]], dim=1)
        x = self.norm(self.blocks(x))
        return self.head(x.mean(dim=1) if self.pooled else x[:, 0])


class Distilled(nn.Module):
    """As DeiT: a class and a distillation token, each with a head, whose mean is the score."""

    def __init__(self) -> None:
        super().__init__()
        self.patch_embed = PatchEmbed(24, 8)
        self.class_token = nn.Parameter(torch.zeros(1, 1, 24))
        self.distillation_token = nn.Parameter(torch.zeros(1, 1, 24))
        self.pos_embed = nn.Parameter(torch.zeros(1, 2 + 24, 24))
        self.blocks = nn.Sequential(*(Block(24, 2, False, False) for _ in range(2)))
        self.norm = nn.LayerNorm(24, eps=1e-6)
        self.head = nn.Linear(24, 6)
        self.head_dist = nn.Linear(24, 6)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.patch_embed(x)
        first = [token.expand(x.shape[0], -1, -1) for token in (self.class_token, self.distillation_token)]
        x = self.norm(self.blocks(torch.cat([*first, x], dim=1) + self.pos_embed))
        return (self.head(x[:, 0]) + self.head_dist(x[:, 1])) / 2


def into_windows(x: torch.Tensor, side: int) -> torch.Tensor:
    """Return [windows, side², c] of [1, h, w, c]."""
    batch, height, width, channels = x.shape
    x = x.view(batch, height // side, side, width // side, side, channels)
    return x.permute(0, 1, 3, 2, 4, 5).reshape(-1, side * side, channels)


def out_of_windows(x: torch.Tensor, side: int, height: int, width: int) -> torch.Tensor:
    """Return [1, h, w, c] of [windows, side², c]."""
    x = x.view(-1, height // side, width // side, side, side, x.shape[-1])
    return x.permute(0, 1, 3, 2, 4, 5).reshape(-1, height, width, x.shape[-1])


class WindowAttention(nn.Module):
    def __init__(self, channels: int, heads: int, side: int) -> None:
        super().__init__()
        self.heads = heads
        self.relative_position_bias_table = nn.Parameter(torch.zeros((2 * side - 1) ** 2, heads))
        places = torch.stack(torch.meshgrid(torch.arange(side), torch.arange(side), indexing="ij")).flatten(1)
        apart = (places[:, :, None] - places[:, None, :]) + side - 1
        self.register_buffer("index", apart[0] * (2 * side - 1) + apart[1])
        self.qkv = nn.Linear(channels, 3 * channels)
        self.proj = nn.Linear(channels, channels)

    def forward(self, x: torch.Tensor, mask: torch.Tensor | None) -> torch.Tensor:
        windows, count, channels = x.shape
        qkv = self.qkv(x).reshape(windows, count, 3, self.heads, -1).permute(2, 0, 3, 1, 4)
        q, k, v = qkv.unbind(0)
        attention = (q * (channels // self.heads) ** -0.5) @ k.transpose(-2, -1)
        bias = self.relative_position_bias_table[self.index.view(-1)].view(count, count, -1)
        attention = attention + bias.permute(2, 0, 1).contiguous().unsqueeze(0)
        if mask is not None:
            many = mask.shape[0]
            attention = attention.view(-1, many, self.heads, count, count) + mask.unsqueeze(1).unsqueeze(0)
            attention = attention.view(-1, self.heads, count, count)
        x = (attention.softmax(dim=-1) @ v).transpose(1, 2).reshape(windows, count, channels)
        return self.proj(x)


class SwinBlock(nn.Module):
    def __init__(self, channels: int, grid: tuple[int, int], side: int, shift: int) -> None:
        super().__init__()
        self.side, self.shift = side, shift
        self.norm1 = nn.LayerNorm(channels)
        self.attn = WindowAttention(channels, 2, side)
        self.norm2 = nn.LayerNorm(channels)
        self.mlp = Mlp(channels, nn.GELU())
        mask = None
        if shift:
            regions = torch.zeros(1, *grid, 1)
            parts = (slice(0, -side), slice(-side, -shift), slice(-shift, None))
            for number, (rows, columns) in enumerate((r, c) for r in parts for c in parts):
                regions[:, rows, columns] = number
            regions = into_windows(regions, side).squeeze(-1)
            apart = regions.unsqueeze(1) - regions.unsqueeze(2)
            mask = apart.masked_fill(apart != 0, -100.0).masked_fill(apart == 0, 0.0)
        self.register_buffer("mask", mask, persistent=False)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        _, height, width, _ = x.shape
        shifted = self.norm1(x)
        if self.shift:
            shifted = torch.roll(shifted, (-self.shift, -self.shift), (1, 2))
        attended = self.attn(into_windows(shifted, self.side), self.mask)
        attended = out_of_windows(attended, self.side, height, width)
        if self.shift:
            attended = torch.roll(attended, (self.shift, self.shift), (1, 2))
        x = x + attended
        return x + self.mlp(self.norm2(x))


class PatchMerging(nn.Module):
    def __init__(self, channels: int, outputs: int) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(4 * channels)
        self.reduction = nn.Linear(4 * channels, outputs, bias=False)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        corners = [x[:, row::2, column::2] for column in (0, 1) for row in (0, 1)]
        return self.reduction(self.norm(torch.cat(corners, -1)))


class SwinEmbed(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.proj = nn.Conv2d(3, 16, 4, 4)
        self.norm = nn.LayerNorm(16)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.norm(self.proj(x).permute(0, 2, 3, 1))


class SwinStage(nn.Module):
    def __init__(self, blocks: list[nn.Module], downsample: nn.Module) -> None:
        super().__init__()
        self.downsample = downsample
        self.blocks = nn.Sequential(*blocks)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.blocks(self.downsample(x))


class Swin(nn.Module):
    """As timm's Swin: channels last throughout, windows that are shifted every other time, merged patches."""

    def __init__(self) -> None:
        super().__init__()
        self.patch_embed = SwinEmbed()
        first = [SwinBlock(16, (8, 12), 4, 0), SwinBlock(16, (8, 12), 4, 2)]
        second = [SwinBlock(24, (4, 6), 2, 0), SwinBlock(24, (4, 6), 2, 1)]
        self.layers = nn.Sequential(SwinStage(first, nn.Identity()), SwinStage(second, PatchMerging(16, 24)))
        self.norm = nn.LayerNorm(24)
        self.head = nn.Linear(24, 6)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.norm(self.layers(self.patch_embed(x)))
        return self.head(x.mean((1, 2)))


class EncoderBlock(nn.Module):
    """PyTorch's own multi-head attention, norms behind the sums."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.self_attention = nn.MultiheadAttention(channels, 2, batch_first=True)
        self.norm1 = nn.LayerNorm(channels)
        self.mlp = Mlp(channels, nn.ReLU())
        self.norm2 = nn.LayerNorm(channels)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        attended, _ = self.self_attention(x, x, x, need_weights=False)
        x = self.norm1(x + attended)
        return self.norm2(x + self.mlp(x))


class Hybrid(nn.Module):
    """Convolutions, then attention over their pixels, then a convolution again."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Sequential(
            nn.Conv2d(3, 8, 3, 2, 1, bias=False),
            nn.BatchNorm2d(8),
            nn.ReLU(inplace=True),
            nn.Conv2d(8, 16, 3, 4, 1, bias=False),
            nn.BatchNorm2d(16),
            nn.ReLU(inplace=True),
        )
        self.blocks = nn.Sequential(EncoderBlock(16), EncoderBlock(16))
        self.fuse = nn.Conv2d(32, 20, 3, padding=1, bias=False)
        self.bn = nn.BatchNorm2d(20)
        self.head = nn.Linear(20, 6)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.stem(x)
        batch, channels, height, width = x.shape
        attended = self.blocks(x.flatten(2).permute(0, 2, 1))
        attended = attended.transpose(1, 2).reshape(batch, channels, height, width)
        x = F.relu(self.bn(self.fuse(torch.cat([x, attended], dim=1))))
        return self.head(F.adaptive_avg_pool2d(x, 1).flatten(1))


class ClipAttention(nn.Module):
    """As in Hugging Face's CLIP: queries, keys and values by dense layers of their own."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.q_proj = nn.Linear(channels, channels)
        self.k_proj = nn.Linear(channels, channels)
        self.v_proj = nn.Linear(channels, channels)
        self.out_proj = nn.Linear(channels, channels)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        batch, count, channels = x.shape
        q, k, v = (
            projection(x).view(batch, -1, 2, channels // 2).transpose(1, 2)
            for projection in (self.q_proj, self.k_proj, self.v_proj)
        )
        attention = F.softmax(torch.matmul(q, k.transpose(-1, -2)) * (channels // 2) ** -0.5, dim=-1)
        x = torch.matmul(attention, v).transpose(1, 2).contiguous()
        return self.out_proj(x.reshape(batch, count, channels))


class QuickGelu(nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x * torch.sigmoid(1.702 * x)


class ClipLayer(nn.Module):
    def __init__(self, channels: int) -> None:
        super().__init__()
        self.self_attn = ClipAttention(channels)
        self.layer_norm1 = nn.LayerNorm(channels)
        self.mlp = Mlp(channels, QuickGelu())
        self.layer_norm2 = nn.LayerNorm(channels)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = x + self.self_attn(self.layer_norm1(x))
        return x + self.mlp(self.layer_norm2(x))


class ClipEmbeddings(nn.Module):
    def __init__(self, count: int, channels: int) -> None:
        super().__init__()
        self.class_token = nn.Parameter(torch.zeros(channels))
        self.patch_embedding = nn.Conv2d(3, channels, 8, 8, bias=False)
        self.position_embedding = nn.Embedding(count + 1, channels)
        self.register_buffer("position_ids", torch.arange(count + 1).expand((1, -1)), persistent=False)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        patches = self.patch_embedding(x).flatten(2).transpose(1, 2)
        first = self.class_token.expand(x.shape[0], 1, -1)
        return torch.cat([first, patches], dim=1) + self.position_embedding(self.position_ids)


class ClipEncoder(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.embeddings = ClipEmbeddings(24, 24)
        self.pre_layrnorm = nn.LayerNorm(24)
        self.layers = nn.ModuleList([ClipLayer(24), ClipLayer(24)])
        self.post_layernorm = nn.LayerNorm(24)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.pre_layrnorm(self.embeddings(x))
        for layer in self.layers:
            x = layer(x)
        return self.post_layernorm(x[:, 0, :])


class Clip(nn.Module):
    """As the image encoder of CLIP: a class token whose projection, of length 1, is the embedding."""

    def __init__(self) -> None:
        super().__init__()
        self.vision_model = ClipEncoder()
        self.visual_projection = nn.Linear(24, 16, bias=False)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        embedding = self.visual_projection(self.vision_model(x))
        return embedding / embedding.norm(p=2, dim=-1, keepdim=True)


class SiglipHead(nn.Module):
    """A query that was learned looks at all tokens: what it sees is the embedding."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.probe = nn.Parameter(torch.zeros(1, 1, channels))
        self.attention = nn.MultiheadAttention(channels, 2, batch_first=True)
        self.layernorm = nn.LayerNorm(channels)
        self.mlp = Mlp(channels, nn.GELU(approximate="tanh"))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        seen = self.attention(self.probe.repeat(x.shape[0], 1, 1), x, x)[0]
        return (seen + self.mlp(self.layernorm(seen)))[:, 0]


class Siglip(nn.Module):
    """As the image encoder of SigLIP: no class token, and attention in the place of a pool."""

    def __init__(self) -> None:
        super().__init__()
        self.patch_embedding = nn.Conv2d(3, 16, 8, 8)
        self.position_embedding = nn.Embedding(24, 16)
        self.register_buffer("position_ids", torch.arange(24).expand((1, -1)), persistent=False)
        self.layers = nn.ModuleList([ClipLayer(16), ClipLayer(16)])
        self.post_layernorm = nn.LayerNorm(16)
        self.head = SiglipHead(16)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.patch_embedding(x).flatten(2).transpose(1, 2) + self.position_embedding(self.position_ids)
        for layer in self.layers:
            x = layer(x)
        return self.head(self.post_layernorm(x))


TRANSFORMERS = [
    Network(
        "vit", lambda: VisionTransformer((6, 8), 0), (48, 64),
        (*tokens((6, 8), 1, "blocks.0", "blocks.1", "blocks.1.attn", "blocks.2.norm1"), *at("patch_embed.proj")),
        ("torchscript17", "dynamo18", "newest", "newest_batch"), seed=1,
    ),
    Network(
        "vit_registers", lambda: VisionTransformer((4, 6), 3, fused=False), (32, 48),
        tokens((4, 6), 4, "blocks.0", "blocks.1", "blocks.1.ls1", "blocks.1.norm2"),
        ("torchscript11", "newest"),
    ),
    Network(
        "vit_pooled", lambda: VisionTransformer((4, 6), 0, pooled=True), (32, 48),
        tokens((4, 6), 0, "patch_embed", "blocks.1", "blocks.2"),
        ("torchscript17_batch", "newest_external"),
    ),
    Network("deit", Distilled, (32, 48), tokens((4, 6), 2, "blocks.0", "blocks.1.norm1", "blocks.0.mlp"),
            ("torchscript11", "torchscript20", "newest")),
    Network(
        "swin", Swin, (32, 48),
        (Layer("layers.0.blocks.0", "last"), Layer("layers.0", "last"), Layer("layers.1.blocks.0", "last"),
         Layer("layers.0.blocks.0.attn", "windows", 0, (8, 12), 4),
         Layer("layers.1.blocks.1.attn", "windows", 0, (4, 6), 2, 1)),
        ("torchscript11", "torchscript17", "newest"),
    ),
    Network(
        "hybrid", Hybrid, (32, 48), (*at("stem"), Layer("bn", convolution="fuse"), *tokens((4, 6), 0, "blocks.0", "blocks.1.norm1")),
        ("torchscript17", "dynamo18", "newest"),
    ),
    Network(
        "clip", Clip, (32, 48),
        tokens((4, 6), 1, "vision_model.pre_layrnorm", "vision_model.layers.0", "vision_model.layers.1.layer_norm1"),
        ("torchscript11", "torchscript17", "newest"), embeds=True,
    ),
    Network(
        "siglip", Siglip, (32, 48), tokens((4, 6), 0, "layers.0", "layers.1.layer_norm1", "post_layernorm"),
        ("torchscript17", "newest"), embeds=True,
    ),
]  # fmt: skip
