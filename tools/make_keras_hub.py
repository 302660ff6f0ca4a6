"""Make testdata/keras_hub: small networks of keras-hub's classes, their scores, and maps by TensorFlow's gradients.

    pip install tensorflow-cpu==2.21.0 keras==3.15.1 keras-hub==0.32.0
    python tools/make_keras_hub.py

It writes NAME.keras and goldens.json. Weights are random, in steps of 1/32, so that the archives are small. Height and
width differ.
"""

from __future__ import annotations

import json
import os
import sys
import zipfile
from pathlib import Path
from typing import Any, Callable

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"

import keras
import keras_hub
import numpy as np
import tensorflow as tf

FOLDER = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parent.parent / "testdata" / "keras_hub")
HEIGHT, WIDTH, CLASSES, SEED = 32, 48, 4, 3
M = keras_hub.models


def vit_backbone(**settings: Any) -> Any:
    sizes = dict(image_shape=(HEIGHT, WIDTH, 3), patch_size=8, num_layers=3, num_heads=2, hidden_dim=8, mlp_dim=12)
    return M.ViTBackbone(**sizes, **settings)


def deit_backbone() -> Any:
    return M.DeiTBackbone((HEIGHT, WIDTH, 3), 8, num_layers=3, num_heads=2, hidden_dim=8, intermediate_dim=12)


def converter(kind: Any) -> Any:
    return kind(image_size=(HEIGHT, WIDTH), scale=[1 / 127.5, 1 / 100, 1 / 64], offset=[-1, -0.9, -0.8])


def vit() -> Any:
    """A class token before the patches, and what the pictures go through before."""
    preprocessor = M.ViTImageClassifierPreprocessor(image_converter=converter(keras_hub.layers.ViTImageConverter))
    return M.ViTImageClassifier(vit_backbone(), CLASSES, preprocessor=preprocessor)


def vit_pooled() -> Any:
    """Nothing but patches, whose mean is taken; a layer before the scores; patches that are no squares."""
    backbone = M.ViTBackbone((HEIGHT, WIDTH, 3), (8, 16), 2, 2, 8, 12, use_class_token=False, use_mha_bias=False, use_mlp_bias=False, use_patch_bias=False)
    return M.ViTImageClassifier(backbone, CLASSES, pooling="gap", intermediate_dim=6, activation="softmax")


def deit() -> Any:
    """A class token and one of distillation before the patches."""
    return M.DeiTImageClassifier(deit_backbone(), CLASSES, name="deit")


def functional() -> Any:
    """The backbone's layers in a model of one's own."""
    backbone = vit_backbone()
    x = keras.layers.Dense(CLASSES, activation="softmax", name="scores")(backbone.output[:, 0])
    return keras.Model(backbone.inputs, x, name="functional")


def sequential() -> Any:
    """The backbone in a model of one's own."""
    return keras.Sequential(
        [vit_backbone(), keras.layers.GlobalAveragePooling1D(name="pool"), keras.layers.Dense(CLASSES, name="scores")],
        name="sequential",
    )


Cut = tuple[str, Callable[[Any], Any], Callable[[Any], Any]]


def encoder_of(model: Any) -> tuple[Any, Any, str]:
    """The embedding and the encoder of a vision transformer, and where they lie."""
    inner = next((layer for layer in model.layers if isinstance(layer, M.Backbone)), model)
    prefix = "" if inner is model else f"{inner.name}/"
    found = [layer for layer in inner.layers if "mbedding" in layer.name or "encoder" in layer.name]
    return found[0], found[1], prefix


def rounded(values: Any) -> list[float]:
    return [float(f"{value:.7g}") for value in np.ravel(values)]


def first_of(x: Any) -> Any:
    return x[0] if isinstance(x, tuple) else x


def after_encoder(model: Any, x: Any) -> Any:
    """From what the encoder gives to the scores."""
    inner = next((layer for layer in model.layers if isinstance(layer, M.Backbone)), None)
    if inner is None:
        return model.get_layer("scores")(x[:, 0])
    if isinstance(model, keras.Sequential):
        return model.get_layer("scores")(tf.reduce_mean(x, 1))
    x = tf.reduce_mean(x, 1) if model.pooling == "gap" else x[:, 0]
    names = [layer.name for layer in model.layers]
    if "pre_logits" in names:
        x = model.get_layer("pre_logits")(x)
    return model.get_layer("predictions")(x)


def token_cuts(model: Any) -> list[Cut]:
    """What the embedding gives, what the first block does, and what goes into the last one."""
    embedding, encoder, prefix = encoder_of(model)

    def head(count: int) -> Callable[[Any], Any]:
        def run(x: Any) -> Any:
            x = embedding(x)
            for block in encoder.encoder_layers[:count]:
                x = first_of(block(x))
            return x

        return run

    def tail(count: int) -> Callable[[Any], Any]:
        def run(x: Any) -> Any:
            for block in encoder.encoder_layers[count:]:
                x = first_of(block(x))
            return after_encoder(model, encoder.layer_norm(x))

        return run

    names = [f"{prefix}{embedding.name}"]
    names += [f"{prefix}{encoder.name}/transformer_block_{at + 1}" for at in range(len(encoder.encoder_layers) - 1)]
    return [(name, head(at), tail(at)) for at, name in enumerate(names)]


def rollout(model: Any, x: Any) -> list[float]:
    """Attention of all blocks multiplied, as the token or the tokens that the scores are made of see the patches."""
    embedding, encoder, _ = encoder_of(model)
    tokens = embedding(x)
    count = tokens.shape[1]
    seen = np.eye(count)
    for block in encoder.encoder_layers:
        y = block.layer_norm_1(tokens)
        _, attention = block.mha(y, y, return_attention_scores=True)
        seen = (attention.numpy()[0].mean(0) + np.eye(count)) / 2 @ seen
        tokens = first_of(block(tokens))
    is_pooled = getattr(model, "pooling", "") == "gap" or isinstance(model, keras.Sequential)
    rows = seen if is_pooled else seen[:1]
    return rounded(rows.mean(0)[count - patches_of(model) :])


def patches_of(model: Any) -> int:
    embedding, _, _ = encoder_of(model)
    return embedding.num_patches


def vgg() -> Any:
    """A head with layers of its own."""
    return M.VGGImageClassifier(M.VGGBackbone([1, 2], [6, 8], image_shape=(HEIGHT, WIDTH, 3)), CLASSES, pooling_hidden_dim=5)


def vgg_flat() -> Any:
    backbone = M.VGGBackbone([1, 1, 1], [4, 6, 8], image_shape=(HEIGHT, WIDTH, 3))
    return M.VGGImageClassifier(backbone, CLASSES, pooling="flatten", pooling_hidden_dim=5)


def densenet() -> Any:
    backbone = M.DenseNetBackbone([1, 2], image_shape=(HEIGHT, WIDTH, 3), growth_rate=4, compression_ratio=0.1)
    return M.DenseNetImageClassifier(backbone, CLASSES, activation="softmax")


def xception() -> Any:
    filters = [[4, 6], [8, 8], [8, 8, 8], [8, 10], [12, 14]]
    backbone = M.XceptionBackbone(filters, [False, True, False, True, False])
    return M.XceptionImageClassifier(backbone, CLASSES, pooling="max")


def resnet() -> Any:
    """Two convolutions before the blocks, which are plain."""
    backbone = M.ResNetBackbone([4, 64], [3, 3], [64, 8], [1, 2], [1, 2], "basic_block", image_shape=(HEIGHT, WIDTH, 3))
    return M.ResNetImageClassifier(backbone, CLASSES)


def resnet_v2() -> Any:
    """Norms before convolutions."""
    backbone = M.ResNetBackbone([8], [7], [64, 4], [1, 2], [1, 2], "bottleneck_block", use_pre_activation=True)
    return M.ResNetImageClassifier(backbone, CLASSES)


def resnet_vd() -> Any:
    """Pools before the convolutions that skip blocks."""
    backbone = M.ResNetBackbone([4, 4, 8], [3, 3, 3], [64, 4], [1, 2], [1, 2], "bottleneck_block_vd")
    return M.ResNetImageClassifier(backbone, CLASSES)


def mobilenet() -> Any:
    backbone = M.MobileNetBackbone(
        stackwise_expansion=[[20, 24], [32]],
        stackwise_num_blocks=[2, 1],
        stackwise_num_filters=[[16, 16], [24]],
        stackwise_kernel_size=[[3, 5], [5]],
        stackwise_num_strides=[[2, 1], [1]],
        stackwise_se_ratio=[[None, 0.25], [0.25]],
        stackwise_activation=[["relu", "hard_swish"], ["hard_swish"]],
        stackwise_padding=[[1, 2], [2]],
        output_num_filters=20,
        depthwise_filters=8,
        depthwise_stride=1,
        depthwise_residual=True,
        last_layer_filter=32,
        squeeze_and_excite=0.5,
        image_shape=(HEIGHT, WIDTH, 3),
        input_num_filters=8,
    )
    return M.MobileNetImageClassifier(backbone, CLASSES, num_features=12)


def efficientnet(types: list[str], **settings: Any) -> Any:
    count = len(types)
    backbone = M.EfficientNetBackbone(
        stackwise_width_coefficients=[0.5] * count,
        stackwise_depth_coefficients=[1.2] * count,
        stackwise_kernel_sizes=[3, 5, 3][:count],
        stackwise_num_repeats=[1, 1, 1][:count],
        stackwise_input_filters=[16, 16, 24][:count],
        stackwise_output_filters=[16, 24, 32][:count],
        stackwise_expansion_ratios=[1, 2, 3][:count],
        stackwise_squeeze_and_excite_ratios=[0.25, 0, 0.25][:count],
        stackwise_strides=[1, 2, 1][:count],
        stackwise_block_types=types,
        stackwise_force_input_filters=[0] * count,
        stackwise_nores_option=[False] * count,
        input_shape=(HEIGHT, WIDTH, 3),
        **settings,
    )
    return M.EfficientNetImageClassifier(backbone, CLASSES)


def efficientnet_v1() -> Any:
    return efficientnet(["v1", "v1", "v1"], include_stem_padding=True)


def efficientnet_v2() -> Any:
    """Blocks that are classes of their own."""
    more = dict(include_stem_padding=False, stem_conv_padding="same", use_depth_divisor_as_min_depth=True)
    return efficientnet(["cba", "fused", "unfused"], cap_round_filter_decrease=True, **more)


def scores_of(model: Any, x: Any) -> Any:
    """From what the backbone gives to the scores."""
    layers = model.layers[model.layers.index(model.backbone) + 1 :]
    for layer in layers:
        x = layer(x)
    return x


def pixel_maps(*names: str) -> Callable[[Any, Any, int], list[dict[str, Any]]]:
    """Grad-CAM at layers of the backbone, before scaling, without the rectifier."""

    def run(model: Any, x: Any, index: int) -> list[dict[str, Any]]:
        backbone = model.backbone
        maps = []
        for name in names:
            both = keras.Model(backbone.inputs, [backbone.get_layer(name).output, backbone.output])
            with tf.GradientTape() as tape:
                activation, features = both(x)
                tape.watch(activation)
                score = scores_of(model, features)[0, index]
            gradient = tape.gradient(score, activation).numpy()[0]
            raw = (activation.numpy()[0] * gradient.mean((0, 1))).sum(-1)
            maps.append({"layer": f"{backbone.name}/{name}", "raw": rounded(raw)})
        return maps

    return run


TOKENS = [vit, vit_pooled, deit, functional, sequential]
PICTURES = {
    vgg: pixel_maps("block1_conv1", "block2_conv1", "block2_pool"),
    vgg_flat: pixel_maps("block1_pool", "block2_conv1", "block3_pool"),
    densenet: pixel_maps("pool1", "stack1_block1_concat", "relu"),
    xception: pixel_maps("block1_conv2_act", "block2_residual_add", "block5_sepconv2_act"),
    resnet: pixel_maps("conv2_relu", "stack0_block0_out", "stack1_block1_out"),
    resnet_v2: pixel_maps("pool1_pool", "stack1_block0_out", "post_relu"),
    resnet_vd: pixel_maps("conv1_conv", "stack0_block0_out", "stack1_block1_out"),
    mobilenet: pixel_maps("block_0_0", "block_1_1", "block_3_0"),
    efficientnet_v1: pixel_maps("stem_activation", "block2a_project_bn", "top_activation"),
    efficientnet_v2: pixel_maps("stem_activation", "block2a_", "block3b_", "top_activation"),
}


def fill(model: Any, name: str) -> None:
    """Random weights, in steps of 1/32."""
    rng = np.random.default_rng(sum(map(ord, name)))
    values = []
    for weight in model.weights:
        fan = int(np.prod(weight.shape[:-1])) if len(weight.shape) > 1 else 4
        kind = weight.path.split("/")[-1]
        spread = 1.5 / np.sqrt(fan) if kind in ("kernel", "depthwise_kernel", "pointwise_kernel") else 0.3
        value = rng.normal(0, max(spread, 0.05), weight.shape)
        if kind in ("gamma", "moving_variance"):
            value = 1 + np.abs(value)
        values.append((np.round(value * 32) / 32).astype("float32"))
    model.set_weights(values)


def picture() -> np.ndarray:
    """Numbers between -1 and 1 that a test makes again: steps of a linear congruential generator."""
    state, values = SEED, []
    for _ in range(HEIGHT * WIDTH * 3):
        state = (state * 1664525 + 1013904223) % 2**32
        values.append(state / 2**31 - 1)
    return np.array(values, "float32").reshape(1, HEIGHT, WIDTH, 3)


def map_at(cut: Cut, x: Any, index: int, patches: int) -> dict[str, Any]:
    """Grad-CAM before scaling, without the rectifier."""
    name, head, tail = cut
    activation = tf.convert_to_tensor(head(x))
    with tf.GradientTape() as tape:
        tape.watch(activation)
        score = tail(activation)[0, index]
    gradient = tape.gradient(score, activation).numpy()[0]
    a = activation.numpy()[0]
    a, gradient = a[-patches:], gradient[-patches:]
    raw = (a * gradient.mean(0)).sum(-1)
    return {"layer": name, "raw": rounded(raw)}


def pack(path: Path) -> None:
    """The same archive, deflated."""
    with zipfile.ZipFile(path) as given:
        entries = {name: given.read(name) for name in given.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as packed:
        for name, content in entries.items():
            packed.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    x = picture()
    networks = []
    for build in [*TOKENS, *PICTURES]:
        keras.utils.clear_session()
        model = build()
        fill(model, build.__name__)
        path = FOLDER / f"{build.__name__}.keras"
        model.save(path)
        pack(path)
        scores = model(x).numpy()[0]
        index = int(scores.argmax())
        golden = {"name": build.__name__, "scores": rounded(scores), "classIndex": index}
        if build in PICTURES:
            golden["maps"] = PICTURES[build](model, tf.constant(x), index)
        else:
            golden["maps"] = [map_at(cut, x, index, patches_of(model)) for cut in token_cuts(model)]
            golden["rollout"] = rollout(model, x)
        networks.append(golden)
        print(build.__name__, scores, [np.abs(m["raw"]).max() for m in golden["maps"]], path.stat().st_size)
    head = json.dumps({"keras": keras.__version__, "kerasHub": keras_hub.__version__, "seed": SEED, "shape": list(x.shape)})
    text = ",\n".join(json.dumps(network) for network in networks)
    (FOLDER / "goldens.json").write_text(f'{head[:-1]}, "networks": [\n{text}\n]}}\n')


if __name__ == "__main__":
    main()
