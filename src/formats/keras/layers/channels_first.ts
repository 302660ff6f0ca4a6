import type { KerasLayer } from "./keras_layer.ts";

/**
 * A picture with its channels before height and width, for layers that go by the order of its numbers. No file has such a
 * layer: it stands where a model that takes its channels first was made to take them last.
 */
export const channelsFirstLayer: KerasLayer = {
  className: "Channels first",
  quiet: true,
  shape: ([batch, ...sizes]) => [batch!, sizes.at(-1)!, ...sizes.slice(0, -1)],
  call: ([x]) =>
    x!.transpose([0, x!.rank - 1, ...Array.from({ length: x!.rank - 2 }, (_, axis) => axis + 1)]),
};
