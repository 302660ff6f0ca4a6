/**
 * keras-hub's vision transformers, ViT and DeiT: what they have in common, and each of their classes.
 *
 * @module
 */
import type { Json } from "../inbound.ts";
import { convolution, dense, layerNorm } from "./blocks.ts";
import type { HubClass } from "./hub_class.ts";
import { type HubValue, type KnownShape, Network, tensorOf } from "./network.ts";
import { flag, nameIn, number, pair, pictureShape, whole } from "./settings.ts";

/** How one kind of vision transformer differs from another. */
interface Kind {
  /** How its layers' classes begin. */
  readonly embedding: string;
  readonly encoder: string;
  readonly block: string;
  /** What its backbone calls those two. */
  readonly names: readonly [embedding: string, encoder: string];
  /** What the setting for the width of its two dense layers is called. */
  readonly width: string;
  /** Where these lie, and what they are called. */
  readonly dense: readonly [first: string, second: string];
  /** How many tokens come before the patches. */
  extraTokens(settings: Json): number;
  /** Where its positions lie, and how they are shaped. */
  positions(tokens: number, size: number): { readonly array: string; readonly shape: readonly number[] };
}

/** Patches as tokens, those that are learned before them, and what tells them apart. */
function writeEmbedding(kind: Kind, settings: Json, input: KnownShape): Json {
  const [height, width] = pair(settings, "image_size");
  const [rows, columns] = pair(settings, "patch_size");
  const size = whole(settings, "hidden_dim");
  const grid = [Math.floor(height / rows), Math.floor(width / columns)] as const;
  const patches = grid[0] * grid[1], extra = kind.extraTokens(settings);
  const network = new Network(nameIn(settings, "embedding"));
  const channels = number(settings, "num_channels", 3);
  let x = network.input("images", input ?? [null, height, width, channels]);
  x = convolution(network, [x, "patch_embedding"], {
    filters: size,
    kernel: [rows, columns],
    strides: [rows, columns],
    bias: flag(settings, "use_patch_bias", true),
    stored: { group: "patch_embedding" },
    shape: [null, ...grid, size],
  });
  x = network.layer(["Reshape", "patches"], x, {
    config: { target_shape: [patches, size] },
    shape: [null, patches, size],
  });
  if (extra > 0) {
    x = network.layer(["HubTokens", "tokens"], x, {
      config: { count: extra },
      stored: { group: "", arrays: Array.from({ length: extra }, (_, index) => `vars/${index}`) },
      shape: [null, patches + extra, size],
    });
  }
  const { array, shape } = kind.positions(patches + extra, size);
  x = network.layer(["HubPositions", "positioned"], x, {
    config: { shape },
    stored: { group: "", arrays: [array] },
  });
  return network.done(x);
}

/** Attention and two dense layers, each behind a norm and beside what skips it. */
function writeBlock(kind: Kind, settings: Json, input: KnownShape): Json {
  const size = whole(settings, "hidden_dim"), heads = whole(settings, "num_heads");
  const epsilon = number(settings, "layer_norm_epsilon", 1e-6);
  const network = new Network(nameIn(settings, "block"));
  const given = network.input("tokens", input ?? [null, null, size]);
  const normed = layerNorm(network, [given, "ln_1"], { epsilon, stored: { group: "layer_norm_1" } });
  const attended = network.layer(["MultiHeadAttention", "mha"], normed, {
    config: {
      num_heads: heads,
      key_dim: Math.floor(size / heads),
      use_bias: flag(settings, "use_mha_bias", true),
    },
    args: [tensorOf(normed), tensorOf(normed)],
    stored: { group: "mha" },
  });
  const middle = network.layer(["Add", "attended"], [attended, given]);
  const bias = flag(settings, "use_mlp_bias", true);
  const [first, second] = kind.dense;
  let y = layerNorm(network, [middle, "ln_2"], { epsilon, stored: { group: "layer_norm_2" } });
  y = dense(network, [y, "dense_1"], {
    units: whole(settings, kind.width),
    activation: "gelu",
    bias,
    stored: { group: first },
  });
  y = dense(network, [y, "dense_2"], { units: size, bias, stored: { group: second } });
  return network.done(network.layer(["Add", "added"], [middle, y]));
}

/** Blocks one after the other, and a norm. */
function writeEncoder(kind: Kind, settings: Json, input: KnownShape): Json {
  const { name: _name, ...own } = settings;
  const network = new Network(nameIn(settings, "encoder"));
  let x: HubValue = network.input("tokens", input ?? [null, null, whole(settings, "hidden_dim")]);
  const group = `encoder_layers/${kind.block.replace("ViT", "vi_t").replace("DeiT", "dei_t")}`
    .replace("EncoderBlock", "_encoder_block");
  for (let index = 0; index < whole(settings, "num_layers"); index++) {
    x = network.layer([kind.block, `transformer_block_${index + 1}`], x, {
      config: own,
      module: "keras_hub",
      stored: { group: index === 0 ? group : `${group}_${index}` },
    });
  }
  const epsilon = number(settings, "layer_norm_epsilon", 1e-6);
  return network.done(layerNorm(network, [x, "ln"], { epsilon, stored: { group: "layer_norm" } }));
}

/** A whole backbone. */
function writeBackbone(kind: Kind, settings: Json): Json {
  const shape = pictureShape(settings);
  const [height, width, channels] = shape;
  if (height === null || width === null) throw new TypeError("The size of pictures is not given");
  const { name: _name, ...own } = settings;
  const [rows, columns] = pair(settings, "patch_size");
  const patches = Math.floor(height / rows) * Math.floor(width / columns);
  const network = new Network(nameIn(settings, "backbone"));
  let x = network.input("images", [null, ...shape]);
  x = network.layer([kind.embedding, kind.names[0]], x, {
    config: { ...own, image_size: [height, width], num_channels: channels },
    module: "keras_hub",
    shape: [null, patches + kind.extraTokens(settings), whole(settings, "hidden_dim")],
  });
  return network.done(network.layer([kind.encoder, kind.names[1]], x, { config: own, module: "keras_hub" }));
}

/** All classes of one kind. */
function classesOf(kind: Kind, backbone: string): HubClass[] {
  return [
    { className: kind.embedding, write: (settings, input) => writeEmbedding(kind, settings, input) },
    { className: kind.block, write: (settings, input) => writeBlock(kind, settings, input) },
    { className: kind.encoder, write: (settings, input) => writeEncoder(kind, settings, input) },
    { className: backbone, write: (settings) => writeBackbone(kind, settings) },
  ];
}

const vit: Kind = {
  embedding: "ViTPatchingAndEmbedding",
  encoder: "ViTEncoder",
  block: "ViTEncoderBlock",
  names: ["vit_patching_and_embedding", "vit_encoder"],
  width: "mlp_dim",
  dense: ["mlp/dense_1", "mlp/dense_2"],
  extraTokens: (settings) => flag(settings, "use_class_token", true) ? 1 : 0,
  positions: (tokens, size) => ({ array: "position_embedding/vars/0", shape: [tokens, size] }),
};

const deit: Kind = {
  embedding: "DeiTEmbeddings",
  encoder: "DeiTEncoder",
  block: "DeiTEncoderBlock",
  names: ["deit_patching_and_embedding", "deit_encoder"],
  width: "intermediate_dim",
  dense: ["mlp/dense", "output_layer/dense"],
  extraTokens: () => 2,
  positions: (tokens, size) => ({ array: "vars/2", shape: [1, tokens, size] }),
};

/** Classes of ViT and DeiT. */
export const transformerClasses: readonly HubClass[] = [
  ...classesOf(vit, "ViTBackbone"),
  ...classesOf(deit, "DeiTBackbone"),
];
