import type { Json } from "../inbound.ts";
import { activation, batchNorm, convolution } from "./blocks.ts";
import type { HubClass } from "./hub_class.ts";
import { type HubValue, Network } from "./network.ts";
import { nameIn, number, pictureShape, whole, wholes } from "./settings.ts";

const epsilon = 1.001e-5;

/** A batch norm and a rectifier. */
function normed(network: Network, x: HubValue, name: string): HubValue {
  return activation(network, [batchNorm(network, [x, `${name}bn`], epsilon), `${name}relu`]);
}

/** Two convolutions, beside what they take. */
function block(network: Network, [x, name]: readonly [HubValue, string], growth: number): HubValue {
  let y = normed(network, x, `${name}_1_`);
  y = convolution(network, [y, `${name}_1_conv`], { filters: 4 * growth, kernel: 1 });
  y = normed(network, y, `${name}_2_`);
  y = convolution(network, [y, `${name}_2_conv`], { filters: growth, kernel: 3, padding: "same" });
  return network.layer(["Concatenate", `${name}_concat`], [x, y], { config: { axis: -1 }, shape: undefined });
}

function write(settings: Json): Json {
  const network = new Network(nameIn(settings, "densenet_backbone"));
  const growth = whole(settings, "growth_rate"), ratio = number(settings, "compression_ratio", 0.5);
  let x: HubValue = network.input("images", [null, ...pictureShape(settings)]);
  let channels = 64;
  x = convolution(network, [x, "conv1_conv"], { filters: channels, kernel: 7, strides: 2, padding: "same" });
  x = normed(network, x, "conv1_");
  x = network.layer(["MaxPooling2D", "pool1"], x, {
    config: { pool_size: [3, 3], strides: [2, 2], padding: "same" },
  });
  const stacks = wholes(settings, "stackwise_num_repeats");
  stacks.forEach((repeats, stack) => {
    for (let at = 1; at <= repeats; at++) x = block(network, [x, `stack${stack + 1}_block${at}`], growth);
    channels += repeats * growth;
    if (stack === stacks.length - 1) return;
    const name = `transition${stack + 1}`;
    channels = Math.trunc(channels * ratio);
    x = convolution(network, [normed(network, x, `${name}_`), `${name}_conv`], {
      filters: channels,
      kernel: 1,
    });
    x = network.layer(["AveragePooling2D", `${name}_pool`], x, {
      config: { pool_size: [2, 2], strides: [2, 2], padding: "valid" },
    });
  });
  return network.done(normed(network, x, ""));
}

/** Classes of DenseNet. */
export const densenetClasses: readonly HubClass[] = [{ className: "DenseNetBackbone", write }];
