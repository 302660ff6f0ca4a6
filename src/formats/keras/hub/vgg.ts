import type { Json } from "../inbound.ts";
import { convolution } from "./blocks.ts";
import type { HubClass } from "./hub_class.ts";
import { type HubValue, Network } from "./network.ts";
import { nameIn, pictureShape, wholes } from "./settings.ts";

function write(settings: Json): Json {
  const network = new Network(nameIn(settings, "vgg_backbone"));
  const filters = wholes(settings, "stackwise_num_filters");
  let x: HubValue = network.input("images", [null, ...pictureShape(settings)]);
  wholes(settings, "stackwise_num_repeats").forEach((repeats, stack) => {
    const name = `block${stack + 1}`;
    for (let at = 1; at <= repeats; at++) {
      x = convolution(network, [x, `${name}_conv${at}`], {
        filters: filters[stack]!,
        kernel: 3,
        padding: "same",
        bias: true,
        activation: "relu",
      });
    }
    x = network.layer(["MaxPooling2D", `${name}_pool`], x, {
      config: { pool_size: [2, 2], strides: [2, 2], padding: "valid" },
      shape: undefined,
    });
  });
  return network.done(x);
}

/** Classes of VGG. */
export const vggClasses: readonly HubClass[] = [{ className: "VGGBackbone", write }];
