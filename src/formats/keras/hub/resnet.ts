import type { Json } from "../inbound.ts";
import { activation, batchNorm, convolution, padded } from "./blocks.ts";
import type { HubClass } from "./hub_class.ts";
import { type HubValue, Network } from "./network.ts";
import { flag, nameIn, pictureShape, wholes } from "./settings.ts";

const epsilon = 1e-5;

/** What is put around a picture before its largest values are taken, and is never one of them. */
const lowest = -3e38;

/** How the blocks of a network are made. */
interface Blocks {
  readonly isBottleneck: boolean;
  /** Whether what skips a block is pooled before it is convolved. */
  readonly isPooled: boolean;
  /** Whether norms and rectifiers come before the convolutions. */
  readonly isBefore: boolean;
}

/** A block among others. */
interface Block extends Blocks {
  readonly filters: number;
  readonly stride: number;
  /** Whether what skips it is convolved. */
  readonly isConvolved: boolean;
}

function normed(network: Network, x: HubValue, name: string): HubValue {
  return activation(network, [batchNorm(network, [x, `${name}_bn`], epsilon), `${name}_relu`]);
}

/** What skips a block. */
function shortcut(
  network: Network,
  [x, name]: readonly [HubValue, string],
  { filters, stride, isBottleneck, isPooled, isBefore, isConvolved }: Block,
): HubValue {
  if (!isConvolved) return x;
  const pools = isPooled && !isBefore && stride > 1;
  const pooled = pools
    ? network.layer(["AveragePooling2D", `${name}_0_pool`], x, {
      config: { pool_size: [2, 2], strides: [stride, stride], padding: "same" },
    })
    : x;
  const y = convolution(network, [pooled, `${name}_0_conv`], {
    filters: isBottleneck ? 4 * filters : filters,
    kernel: 1,
    strides: isPooled ? 1 : stride,
  });
  return isBefore ? y : batchNorm(network, [y, `${name}_0_bn`], epsilon);
}

/** A convolution of a block, with the zeros around what it takes that a stride asks for. */
function strided(
  network: Network,
  [x, name]: readonly [HubValue, string],
  { filters, stride }: Block,
): HubValue {
  const given = stride > 1 ? padded(network, [x, `${name}_pad`], 1) : x;
  return convolution(network, [given, `${name}_conv`], {
    filters,
    kernel: 3,
    strides: stride,
    padding: stride > 1 ? "valid" : "same",
  });
}

function writeBlock(network: Network, [x, name]: readonly [HubValue, string], block: Block): HubValue {
  const { filters, isBottleneck, isBefore, isConvolved } = block;
  const bent = isBefore ? normed(network, x, `${name}_pre_activation`) : x;
  const skipped = shortcut(network, [isConvolved ? bent : x, name], block);
  let y: HubValue;
  let last: string;
  if (isBottleneck) {
    y = convolution(network, [bent, `${name}_1_conv`], { filters, kernel: 1 });
    y = strided(network, [normed(network, y, `${name}_1`), `${name}_2`], block);
    last = `${name}_3`;
    y = convolution(network, [normed(network, y, `${name}_2`), `${last}_conv`], {
      filters: 4 * filters,
      kernel: 1,
    });
  } else {
    y = strided(network, [bent, `${name}_1`], block);
    last = `${name}_2`;
    y = convolution(network, [normed(network, y, `${name}_1`), `${last}_conv`], {
      filters,
      kernel: 3,
      padding: "same",
    });
  }
  if (isBefore) return network.layer(["Add", `${name}_out`], [skipped, y]);
  y = network.layer(["Add", `${name}_add`], [skipped, batchNorm(network, [y, `${last}_bn`], epsilon)]);
  return activation(network, [y, `${name}_out`]);
}

/** The convolutions before the blocks. */
function writeStem(network: Network, images: HubValue, settings: Json): HubValue {
  const filters = wholes(settings, "input_conv_filters"),
    kernels = wholes(settings, "input_conv_kernel_sizes");
  const isBefore = flag(settings, "use_pre_activation", false);
  let x = padded(network, [images, "conv1_pad"], Math.floor((kernels[0]! - 1) / 2));
  filters.forEach((count, at) => {
    if (at > 0) x = normed(network, x, `conv${at}`);
    x = convolution(network, [x, `conv${at + 1}_conv`], {
      filters: count,
      kernel: kernels[at]!,
      strides: at === 0 ? 2 : 1,
      padding: at === 0 ? "valid" : "same",
    });
  });
  if (isBefore) {
    x = network.layer(["Pad", "pool1_pad"], x, {
      module: "keras.src.ops.numpy",
      config: { pad_width: [[0, 0], [1, 1], [1, 1], [0, 0]], mode: "constant", constant_values: lowest },
    });
  } else {
    x = padded(network, [normed(network, x, `conv${filters.length}`), "pool1_pad"], 1);
  }
  return network.layer(["MaxPooling2D", "pool1_pool"], x, {
    config: { pool_size: [3, 3], strides: [2, 2], padding: "valid" },
  });
}

function write(settings: Json): Json {
  const network = new Network(nameIn(settings, "res_net_backbone"));
  const type = String(settings.block_type);
  const isBefore = flag(settings, "use_pre_activation", false);
  const blocks: Blocks = {
    isBottleneck: type.startsWith("bottleneck"),
    isPooled: type.endsWith("_vd"),
    isBefore,
  };
  const counts = wholes(settings, "stackwise_num_blocks"),
    strides = wholes(settings, "stackwise_num_strides");
  const images = network.input("images", [null, ...pictureShape(settings)]);
  let x = writeStem(network, images, settings);
  wholes(settings, "stackwise_num_filters").forEach((filters, stack) => {
    for (let at = 0; at < counts[stack]!; at++) {
      x = writeBlock(network, [x, `stack${stack}_block${at}`], {
        ...blocks,
        filters,
        stride: at === 0 ? strides[stack]! : 1,
        isConvolved: at === 0 && (type !== "basic_block" || stack > 0),
      });
    }
  });
  return network.done(isBefore ? normed(network, x, "post") : x);
}

/** Classes of ResNet, its second version and that with pooled shortcuts too. */
export const resnetClasses: readonly HubClass[] = [{ className: "ResNetBackbone", write }];
