/**
 * keras-hub's EfficientNet: its first version is written layer by layer, of the blocks of later ones an archive keeps the
 * parts by the names of their places in Keras's code.
 *
 * @module
 */
import type { Json } from "../inbound.ts";
import { activation, batchNorm, convolution, padded } from "./blocks.ts";
import type { HubClass } from "./hub_class.ts";
import { type HubValue, type KnownShape, Network, type Stored } from "./network.ts";
import { flag, list, nameIn, number, pictureShape, whole, wholes } from "./settings.ts";

/** What the blocks of a network have in common, whichever version they are of. */
interface Block {
  readonly before: number;
  readonly after: number;
  readonly kernel: number;
  readonly strides: number;
  /** How many times the channels are inside it. */
  readonly expansion: number;
  /** How many of its channels gate all of them, as a part of those before it. */
  readonly gate: number;
  readonly kind: string;
  readonly epsilon: number;
}

function depthwise(
  network: Network,
  [x, name]: readonly [HubValue, string],
  { kernel, strides, padding, stored }: {
    readonly kernel: number;
    readonly strides: number;
    readonly padding: string;
    readonly stored?: Stored;
  },
): HubValue {
  return network.layer(["DepthwiseConv2D", name], x, {
    config: { kernel_size: [kernel, kernel], strides: [strides, strides], padding, use_bias: false },
    ...(stored && { stored }),
  });
}

/** Each channel by a factor between 0 and 1 that all pixels give. */
function excite(
  network: Network,
  [x, name]: readonly [HubValue, string],
  { before, expansion, gate, kind, groups }: Block & { readonly groups?: readonly [string, string] },
): HubValue {
  if (!(gate > 0 && gate <= 1)) return x;
  const channels = before * expansion;
  const stored = (at: 0 | 1) => groups && { stored: { group: groups[at] } };
  let y = network.layer(["GlobalAveragePooling2D", `${name}se_squeeze`], x, { config: { keepdims: true } });
  y = convolution(network, [y, `${name}se_reduce`], {
    filters: Math.max(1, Math.trunc(before * gate)),
    kernel: 1,
    bias: true,
    activation: kind,
    ...stored(0),
  });
  y = convolution(network, [y, `${name}se_expand`], {
    filters: channels,
    kernel: 1,
    bias: true,
    activation: "sigmoid",
    ...stored(1),
  });
  return network.layer(["Multiply", `${name}se_excite`], [x, y]);
}

/** A block of the first version. */
function writeFirst(
  network: Network,
  [x, name]: readonly [HubValue, string],
  block: Block & { readonly last: unknown },
): HubValue {
  const { before, after, kernel, strides, expansion, kind, epsilon, last } = block;
  let y = x;
  if (expansion !== 1) {
    y = convolution(network, [y, `${name}expand_conv`], { filters: before * expansion, kernel: 1 });
    y = activation(network, [
      batchNorm(network, [y, `${name}expand_bn`], epsilon),
      `${name}expand_activation`,
    ], kind);
  }
  y = padded(network, [y, `${name}dwconv_pad`], Math.floor(kernel / 2));
  y = depthwise(network, [y, `${name}dwconv`], { kernel, strides, padding: "valid" });
  y = activation(
    network,
    [batchNorm(network, [y, `${name}dwconv_bn`], epsilon), `${name}dwconv_activation`],
    kind,
  );
  y = excite(network, [y, name], block);
  y = convolution(network, [y, `${name}project`], { filters: after, kernel: 1 });
  y = batchNorm(network, [y, `${name}project_bn`], epsilon);
  if (last) y = activation(network, [y, `${name}projection_activation`], String(last));
  return strides === 1 && before === after ? network.layer(["Add", `${name}add`], [y, x]) : y;
}

/** What a block that is a class of its own is set to. */
function blockIn(settings: Json): Block {
  return {
    before: whole(settings, "input_filters"),
    after: whole(settings, "output_filters"),
    kernel: whole(settings, "kernel_size"),
    strides: whole(settings, "strides"),
    expansion: number(settings, "expand_ratio", 1),
    gate: number(settings, "se_ratio", 0),
    kind: String(settings.activation ?? "swish"),
    epsilon: number(settings, "batch_norm_epsilon", 1e-3),
  };
}

/** Layers whose groups are called otherwise than they. */
function storedNorm(
  network: Network,
  [x, name]: readonly [HubValue, string],
  group: string,
  epsilon: number,
) {
  return network.layer(["BatchNormalization", name], x, { config: { axis: -1, epsilon }, stored: { group } });
}

/** The end of a block: it is added to what it takes, where that is of the same shape. */
function joined(network: Network, [x, given]: readonly [HubValue, HubValue], settings: Json): HubValue {
  const { strides, before, after } = blockIn(settings);
  const isAdded = strides === 1 && before === after && !flag(settings, "nores", false);
  return isAdded ? network.layer(["Add", "add"], [x, given]) : x;
}

/** A block with one convolution in the place of two. */
function writeFused(settings: Json, input: KnownShape): Json {
  const block = blockIn(settings), { before, after, kernel, strides, expansion, kind, epsilon } = block;
  const network = new Network(nameIn(settings, "block"));
  const given = network.input("input", input ?? [null, null, null, before]);
  const last = number(settings, "projection_kernel_size", 1);
  let x = convolution(network, [
    padded(network, [given, "expand_conv_pad"], Math.floor(kernel / 2)),
    "expand_conv",
  ], {
    filters: before * expansion,
    kernel,
    strides,
    stored: { group: "conv1" },
  });
  x = activation(network, [storedNorm(network, [x, "expand_bn"], "bn1", epsilon), "expand_activation"], kind);
  x = excite(network, [x, ""], { ...block, groups: ["se_conv1", "se_conv2"] });
  x = convolution(network, [padded(network, [x, "project_conv_pad"], Math.floor(last / 2)), "project_conv"], {
    filters: after,
    kernel: last,
    stored: { group: "output_conv" },
  });
  x = storedNorm(network, [x, "project_bn"], "bn2", epsilon);
  const bends = expansion === 1 && settings.projection_activation;
  if (bends) x = activation(network, [x, "projection_act"], String(settings.projection_activation));
  return network.done(joined(network, [x, given], settings));
}

/** A block with a convolution of each channel by itself. */
function writeUnfused(settings: Json, input: KnownShape): Json {
  const block = blockIn(settings), { before, after, kernel, strides, expansion, kind, epsilon } = block;
  const network = new Network(nameIn(settings, "block"));
  const given = network.input("input", input ?? [null, null, null, before]);
  let x = given;
  if (expansion !== 1) {
    x = convolution(network, [x, "expand_conv"], {
      filters: before * expansion,
      kernel: 1,
      stored: { group: "conv1" },
    });
    x = activation(
      network,
      [storedNorm(network, [x, "expand_bn"], "bn1", epsilon), "expand_activation"],
      kind,
    );
  }
  x = depthwise(network, [x, "dwconv2"], {
    kernel,
    strides,
    padding: "same",
    stored: { group: "depthwise" },
  });
  x = activation(network, [storedNorm(network, [x, "bn"], "bn2", epsilon), "activation"], kind);
  x = excite(network, [x, ""], { ...block, groups: ["se_conv1", "se_conv2"] });
  const last = expansion === 1 ? kernel : 1;
  x = convolution(network, [padded(network, [x, "project_conv_pad"], Math.floor(last / 2)), "project_conv"], {
    filters: after,
    kernel: last,
    stored: { group: "output_conv" },
  });
  return network.done(
    joined(network, [storedNorm(network, [x, "project_bn"], "bn3", epsilon), given], settings),
  );
}

/** A convolution, a norm and a bend. */
function writePlain(settings: Json, input: KnownShape): Json {
  const { before, after, kernel, strides, kind, epsilon } = blockIn(settings);
  const network = new Network(nameIn(settings, "block"));
  const given = network.input("input", input ?? [null, null, null, before]);
  let x = convolution(network, [padded(network, [given, "conv_pad"], Math.floor(kernel / 2)), "conv"], {
    filters: after,
    kernel,
    strides,
    stored: { group: "conv1" },
  });
  x = activation(network, [storedNorm(network, [x, "bn"], "bn1", epsilon), "act"], kind);
  return network.done(joined(network, [x, given], settings));
}

/** Which class the blocks of a kind are. */
const classes: Readonly<Record<string, string>> = {
  cba: "CBABlock",
  fused: "FusedMBConvBlock",
  unfused: "MBConvBlock",
};

/** How many channels there are at some width. */
function widened(channels: number, width: number, settings: Json): number {
  const divisor = whole(settings, "depth_divisor"), wanted = channels * width;
  const isLeast = flag(settings, "use_depth_divisor_as_min_depth", false);
  const least = isLeast ? divisor : whole(settings, "min_depth");
  const near = Math.max(least, Math.floor(Math.trunc(wanted + divisor / 2) / divisor) * divisor);
  const isFew = flag(settings, "cap_round_filter_decrease", false) && near < 0.9 * wanted;
  return isFew ? near + divisor : near;
}

function writeStacks(network: Network, stem: HubValue, settings: Json): HubValue {
  const at = (key: string, stack: number) => list(settings, key)[stack];
  const epsilon = number(settings, "batch_norm_epsilon", 1e-5), kind = String(settings.activation ?? "swish");
  let x = stem;
  wholes(settings, "stackwise_num_repeats").forEach((count, stack) => {
    const width = Number(at("stackwise_width_coefficients", stack));
    const after = widened(Number(at("stackwise_output_filters", stack)), width, settings);
    const forced = Number(at("stackwise_force_input_filters", stack));
    const repeats = Math.ceil(Number(at("stackwise_depth_coefficients", stack)) * count);
    for (let index = 0; index < repeats; index++) {
      const first = widened(Number(at("stackwise_input_filters", stack)), width, settings);
      const own = index === 0 ? first : after;
      const block: Block = {
        before: forced > 0 ? widened(forced, width, settings) : own,
        after,
        kernel: Number(at("stackwise_kernel_sizes", stack)),
        strides: index === 0 ? Number(at("stackwise_strides", stack)) : 1,
        expansion: Number(at("stackwise_expansion_ratios", stack)),
        gate: Number(at("stackwise_squeeze_and_excite_ratios", stack)),
        kind,
        epsilon,
      };
      const name = `block${stack + 1}${String.fromCharCode(97 + index)}_`;
      const type = String(at("stackwise_block_types", stack));
      if (type === "v1") {
        x = writeFirst(network, [x, name], { ...block, last: settings.projection_activation });
        continue;
      }
      if (!Object.hasOwn(classes, type)) throw new TypeError(`There are no blocks of the type "${type}"`);
      x = network.layer([classes[type]!, name], x, {
        module: "keras_hub",
        config: {
          input_filters: block.before,
          output_filters: after,
          kernel_size: block.kernel,
          strides: block.strides,
          activation: kind,
          batch_norm_epsilon: epsilon,
          nores: at("stackwise_nores_option", stack),
          ...(type !== "cba" && { expand_ratio: block.expansion, se_ratio: block.gate }),
          ...(type === "fused" && { projection_activation: settings.projection_activation }),
        },
      });
    }
  });
  return x;
}

/** How many channels the last convolution gives: a file does not note where that is another number. */
const lastChannels = 1280;

function writeBackbone(settings: Json): Json {
  const network = new Network(nameIn(settings, "efficientnet_backbone"));
  const epsilon = number(settings, "batch_norm_epsilon", 1e-5), kind = String(settings.activation ?? "swish");
  const widths = list(settings, "stackwise_width_coefficients").map(Number);
  const input = network.input("images", [null, ...pictureShape(settings, "input_shape")]);
  const given = flag(settings, "include_stem_padding", true)
    ? padded(network, [input, "stem_conv_pad"], 1)
    : input;
  let x = convolution(network, [given, "stem_conv"], {
    filters: widened(wholes(settings, "stackwise_input_filters")[0]!, widths[0]!, settings),
    kernel: 3,
    strides: 2,
    padding: settings.stem_conv_padding === "same" ? "same" : "valid",
  });
  x = activation(network, [batchNorm(network, [x, "stem_bn"], epsilon), "stem_activation"], kind);
  x = writeStacks(network, x, { stackwise_nores_option: [], ...settings });
  x = convolution(network, [x, "top_conv"], {
    filters: widened(number(settings, "num_features", lastChannels), widths.at(-1)!, settings),
    kernel: 1,
  });
  return network.done(
    activation(network, [batchNorm(network, [x, "top_bn"], epsilon), "top_activation"], kind),
  );
}

/** Classes of EfficientNet. */
export const efficientnetClasses: readonly HubClass[] = [
  { className: "CBABlock", write: writePlain },
  { className: "FusedMBConvBlock", write: writeFused },
  { className: "MBConvBlock", write: writeUnfused },
  { className: "EfficientNetBackbone", write: writeBackbone },
];
