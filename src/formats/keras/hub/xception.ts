import type { Json } from "../inbound.ts";
import { activation, batchNorm, convolution } from "./blocks.ts";
import type { HubClass } from "./hub_class.ts";
import { type HubValue, Network } from "./network.ts";
import { list, nameIn, pictureShape } from "./settings.ts";

function separable(network: Network, [x, name]: readonly [HubValue, string], filters: number): HubValue {
  return network.layer(["SeparableConv2D", name], x, {
    config: { filters, kernel_size: [3, 3], strides: [1, 1], padding: "same", use_bias: false },
  });
}

/** One convolution of a block, in the order of its kind: the first block has plain ones. */
function step(
  network: Network,
  [x, name]: readonly [HubValue, string],
  { block, at, blocks, filters }: Readonly<Record<"block" | "at" | "blocks" | "filters", number>>,
): HubValue {
  if (block === 0) {
    const y = convolution(network, [x, name], { filters, kernel: 3, strides: at === 0 ? 2 : 1 });
    return activation(network, [batchNorm(network, [y, `${name}_bn`]), `${name}_act`]);
  }
  if (block === blocks - 1) {
    const y = batchNorm(network, [separable(network, [x, name], filters), `${name}_bn`]);
    return activation(network, [y, `${name}_act`]);
  }
  const bent = block === 1 && at === 0 ? x : activation(network, [x, `${name}_act`]);
  return batchNorm(network, [separable(network, [bent, name], filters), `${name}_bn`]);
}

function write(settings: Json): Json {
  const network = new Network(nameIn(settings, "xception_backbone"));
  const shape = pictureShape(settings);
  const all = list(settings, "stackwise_conv_filters") as number[][],
    pools = list(settings, "stackwise_pooling");
  const blocks = all.length;
  let x: HubValue = network.input("images", [null, ...shape]);
  let channels = shape[2];
  all.forEach((filters, block) => {
    const before = x, channelsBefore = channels;
    const name = `block${block + 1}`;
    filters.forEach((count, at) => {
      const own = `${name}_${block === 0 ? "conv" : "sepconv"}${at + 1}`;
      x = step(network, [x, own], { block, at, blocks, filters: count });
      channels = count;
    });
    if (pools[block]) {
      x = network.layer(["MaxPooling2D", `${name}_pool`], x, {
        config: { pool_size: [3, 3], strides: [2, 2], padding: "same" },
      });
    }
    if (block === 0 || block === blocks - 1) return;
    let skipped = before;
    if (channels !== channelsBefore) {
      skipped = convolution(network, [before, `${name}_residual_conv`], {
        filters: channels,
        kernel: 1,
        strides: 2,
        padding: "same",
      });
      skipped = batchNorm(network, [skipped, `${name}_residual_bn`]);
    }
    x = network.layer(["Add", `${name}_residual_add`], [x, skipped]);
  });
  return network.done(x);
}

/** Classes of Xception. */
export const xceptionClasses: readonly HubClass[] = [{ className: "XceptionBackbone", write }];
