/**
 * keras-hub's MobileNet: of its blocks an archive keeps the parts by the names of their places in Keras's code.
 *
 * @module
 */
import type { Json } from "../inbound.ts";
import { batchNorm, convolution, padded } from "./blocks.ts";
import type { HubClass } from "./hub_class.ts";
import { type HubValue, type KnownShape, Network } from "./network.ts";
import { list, nameIn, number, pictureShape, whole, wholes } from "./settings.ts";

const epsilon = 1e-5;

/** Channels in steps of eight, hardly fewer than asked for. */
function stepped(channels: number): number {
  const near = Math.max(8, Math.floor((channels + 4) / 8) * 8);
  return near < 0.9 * channels ? near + 8 : near;
}

/** A part of a block: where its layers lie is what they are called. */
class Parts {
  readonly network: Network;

  constructor(settings: Json, otherwise: string) {
    this.network = new Network(nameIn(settings, otherwise));
  }

  convolve(x: HubValue, name: string, options: Omit<Parameters<typeof convolution>[2], "stored">): HubValue {
    return convolution(this.network, [x, name.replaceAll("/", "_")], { ...options, stored: { group: name } });
  }

  norm(x: HubValue, name: string): HubValue {
    return this.network.layer(["BatchNormalization", name], x, {
      config: { axis: -1, epsilon },
      stored: { group: name },
    });
  }

  bend(x: HubValue, name: string, kind: unknown): HubValue {
    return this.network.layer(["Activation", name], x, { config: { activation: kind } });
  }

  /** Each channel by a factor between 0 and 1 that all pixels give. */
  excite(x: HubValue, group: string, channels: number, ratio: number): HubValue {
    let y = this.network.layer(["GlobalAveragePooling2D", `${group}_squeeze`], x, {
      config: { keepdims: true },
    });
    y = this.convolve(y, `${group}/conv_reduce`, {
      filters: stepped(channels * ratio),
      kernel: 1,
      bias: true,
      activation: "relu",
    });
    y = this.convolve(y, `${group}/conv_expand`, {
      filters: channels,
      kernel: 1,
      bias: true,
      activation: "hard_sigmoid",
    });
    return this.network.layer(["Multiply", `${group}_excite`], [x, y]);
  }
}

/** A convolution of each channel by itself, and one across them. */
function writeDepthwise(settings: Json, input: KnownShape): Json {
  const parts = new Parts(settings, "block"), { network } = parts;
  const channels = whole(settings, "infilters"), ratio = number(settings, "squeeze_excite_ratio", 0);
  const given = network.input("input", input ?? [null, null, null, channels]);
  let x = parts.convolve(padded(network, [given, "pad"], 1), "conv1", {
    filters: channels,
    kernel: whole(settings, "kernel_size"),
    strides: whole(settings, "stride"),
    groups: channels,
  });
  x = parts.bend(parts.norm(x, "batch_normalization1"), "activation1", "relu");
  if (ratio > 0) x = parts.excite(x, "se_layer", channels, ratio);
  x = parts.convolve(x, "conv2", { filters: whole(settings, "filters"), kernel: 1 });
  x = parts.norm(x, "batch_normalization2");
  return network.done(settings.residual ? network.layer(["Add", "added"], [x, given]) : x);
}

/** More channels, a convolution of each by itself, and fewer. */
function writeInverted(settings: Json, input: KnownShape): Json {
  const parts = new Parts(settings, "block"), { network } = parts;
  const before = whole(settings, "infilters"), after = whole(settings, "filters");
  const channels = stepped(number(settings, "expansion", 0)), stride = whole(settings, "stride");
  const ratio = number(settings, "squeeze_excite_ratio", 0);
  const given = network.input("input", input ?? [null, null, null, before]);
  let x = parts.norm(
    parts.convolve(given, "conv1", { filters: channels, kernel: 1 }),
    "batch_normalization1",
  );
  x = padded(network, [parts.bend(x, "activation1", settings.activation), "pad"], whole(settings, "padding"));
  x = parts.convolve(x, "conv2", {
    filters: channels,
    kernel: whole(settings, "kernel_size"),
    strides: stride,
    groups: channels,
  });
  x = parts.bend(parts.norm(x, "batch_normalization2"), "activation2", settings.activation);
  if (ratio > 0) x = parts.excite(x, "squeeze_excite", channels, ratio);
  x = parts.norm(parts.convolve(x, "conv3", { filters: after, kernel: 1 }), "batch_normalization3");
  return network.done(stride === 1 && before === after ? network.layer(["Add", "added"], [given, x]) : x);
}

/** A convolution across channels. */
function writeLast(settings: Json, input: KnownShape): Json {
  const parts = new Parts(settings, "block"), { network } = parts;
  const given = network.input("input", input ?? [null, null, null, null]);
  const x = parts.convolve(given, "conv", { filters: whole(settings, "filter"), kernel: 1 });
  return network.done(
    parts.bend(parts.norm(x, "batch_normalization"), "activation_layer", settings.activation),
  );
}

/** The settings of all inverted blocks, stack by stack. */
function blocksOf(settings: Json): { readonly name: string; readonly config: Json }[] {
  const at = (key: string, stack: number, block: number) => (list(settings, key)[stack] as unknown[])[block];
  return wholes(settings, "stackwise_num_blocks").flatMap((count, stack) =>
    Array.from({ length: Math.min(count, 1000) }, (_, block) => ({
      name: `block_${stack + 1}_${block}`,
      config: {
        expansion: at("stackwise_expansion", stack, block),
        filters: stepped(Number(at("stackwise_num_filters", stack, block))),
        kernel_size: at("stackwise_kernel_size", stack, block),
        stride: at("stackwise_num_strides", stack, block),
        squeeze_excite_ratio: at("stackwise_se_ratio", stack, block),
        activation: at("stackwise_activation", stack, block),
        padding: at("stackwise_padding", stack, block),
      },
    }))
  );
}

function writeBackbone(settings: Json): Json {
  const network = new Network(nameIn(settings, "mobile_net_backbone"));
  const first = stepped(whole(settings, "input_num_filters"));
  let channels = whole(settings, "depthwise_filters");
  let x: HubValue = network.input("images", [null, ...pictureShape(settings)]);
  x = convolution(network, [padded(network, [x, "input_pad"], 1), "input_conv"], {
    filters: first,
    kernel: 3,
    strides: 2,
  });
  x = network.layer(
    ["Activation", "input_activation"],
    batchNorm(network, [x, "input_batch_norm"], epsilon),
    {
      config: { activation: settings.input_activation },
    },
  );
  const block = ([className, name]: readonly [string, string], config: Json) =>
    network.layer([className, name], x, {
      config,
      module: "keras_hub",
      shape: [null, null, null, Number(config.filters)],
    });
  x = block(["DepthwiseConvBlock", "block_0_0"], {
    infilters: first,
    filters: channels,
    kernel_size: 3,
    stride: whole(settings, "depthwise_stride"),
    squeeze_excite_ratio: settings.squeeze_and_excite,
    residual: settings.depthwise_residual,
  });
  for (const { name, config } of blocksOf(settings)) {
    x = block(["InvertedResidualBlock", name], { ...config, infilters: channels });
    channels = Number(config.filters);
  }
  const stacks = wholes(settings, "stackwise_num_blocks").length;
  x = block(["ConvBnActBlock", `block_${stacks + 1}_0`], {
    filter: stepped(whole(settings, "last_layer_filter")),
    activation: "hard_swish",
  });
  return network.done(x);
}

/** Classes of MobileNet. */
export const mobilenetClasses: readonly HubClass[] = [
  { className: "DepthwiseConvBlock", write: writeDepthwise },
  { className: "InvertedResidualBlock", write: writeInverted },
  { className: "ConvBnActBlock", write: writeLast },
  { className: "MobileNetBackbone", write: writeBackbone },
];
