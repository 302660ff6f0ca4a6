/** Kernels that were trained on Theano. */
import { assertEquals } from "@std/assert";
import { readArchitecture } from "./architecture.ts";
import type { KerasWeights } from "./keras_file.ts";

const config = {
  class_name: "Sequential",
  config: {
    layers: [
      { class_name: "Conv2D", config: { name: "conv", batch_input_shape: [null, 4, 5, 2] } },
      { class_name: "DepthwiseConv2D", config: { name: "depthwise" } },
    ],
  },
};

/** Two rows, three columns, two channels, one filter, counted. */
const weights: KerasWeights = {
  assign: (layers) =>
    layers.map(() => () => [
      {
        name: "kernel",
        shape: [2, 3, 2, 1],
        readInto: (target) => target.forEach((_, at) => target[at] = at),
      },
      { name: "bias", shape: [1], readInto: (target) => target.fill(7) },
    ]),
};

async function valuesFor(backend: string | undefined, kerasVersion: string): Promise<number[][]> {
  const { adapt } = await readArchitecture(config, "m", { backend, kerasVersion });
  const readers = adapt(weights).assign(
    ["conv", "depthwise"].map((name) => ({ path: [name], trainable: 2, fixed: 0 })),
  );
  return readers.flatMap((read) =>
    read()!.map(({ shape, readInto }) => {
      const values = new Float32Array(shape.reduce((product, size) => product * size));
      readInto(values);
      return [...values];
    })
  );
}

const counted = Array.from({ length: 12 }, (_, index) => index);

Deno.test("readArchitecture() turns kernels round that Keras 2 trained on Theano", async () => {
  const turned = [10, 11, 8, 9, 6, 7, 4, 5, 2, 3, 0, 1];
  assertEquals(await valuesFor("theano", "2.1.3"), [turned, [7], counted, [7]]);
  assertEquals(await valuesFor("tensorflow", "2.1.3"), [counted, [7], counted, [7]]);
  assertEquals(await valuesFor(undefined, "2.1.3"), [counted, [7], counted, [7]]);
});
