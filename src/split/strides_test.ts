import * as tf from "@tensorflow/tfjs";
import { assertEquals } from "@std/assert";
import { selectBackend } from "../../backends/mod.ts";
import { loadModel } from "../formats/mod.ts";
import { testdata } from "../testing/mod.ts";
import type { ExplainableModel, Shape } from "./model.ts";

/** The strides of the layers that have one; one number where both sides have the same. */
function stridesIn({ layers }: ExplainableModel): Record<string, number | readonly number[]> {
  return Object.fromEntries(layers.flatMap(({ path, stride }) => {
    if (!stride) return [];
    return [[path.split("/").at(-1)!, stride[0] === stride[1] ? stride[0] : stride]];
  }));
}

const conv = (name: string, strides: number | [number, number], padding: "same" | "valid" = "valid") =>
  tf.layers.conv2d({ filters: 2, kernelSize: 3, strides, padding, name });

function sequence(shape: Shape, ...layers: tf.layers.Layer[]): tf.LayersModel {
  const input = tf.input({ shape: [...shape], name: "picture" });
  const output = layers.reduce((before, layer) => layer.apply(before) as tf.SymbolicTensor, input);
  return tf.model({ inputs: input, outputs: output });
}

/** What each model is, and the strides of its layers as they follow from their settings. */
const cases: readonly {
  readonly name: string;
  readonly build: () => tf.LayersModel;
  readonly strides: Record<string, number | readonly number[]>;
}[] = [
  {
    name: "small pictures that lose their borders: 28 rows, 26, 13, 11, 5, 2",
    build: () =>
      sequence(
        [28, 30, 1],
        conv("a", 1),
        tf.layers.maxPooling2d({ poolSize: 2, name: "half" }),
        conv("b", 1),
        tf.layers.averagePooling2d({ poolSize: 2, name: "quarter" }),
        conv("c", 2),
      ),
    strides: { picture: 1, a: 1, half: 2, b: 2, quarter: 4, c: 8 },
  },
  {
    name: "odd sizes: 299 rows, 149, 147, 73, 36",
    build: () => sequence([299, 301, 3], conv("a", 2), conv("b", 1), conv("c", 2), conv("d", 2)),
    strides: { picture: 1, a: 2, b: 2, c: 4, d: 8 },
  },
  {
    name: "any size, strides that differ",
    build: () =>
      sequence(
        [null, null, 3],
        conv("a", [1, 2]),
        tf.layers.batchNormalization({ name: "norm" }),
        tf.layers.separableConv2d({ filters: 3, kernelSize: 3, strides: 2, name: "b" }),
        tf.layers.globalAveragePooling2d({ name: "mean" }),
      ),
    strides: { picture: 1, a: [1, 2], norm: [1, 2], b: [2, 4] },
  },
  {
    name: "borders and enlarging",
    build: () =>
      sequence(
        [9, 7, 1],
        tf.layers.zeroPadding2d({ padding: 5, name: "pad" }),
        conv("a", 4),
        tf.layers.upSampling2d({ size: [2, 2], name: "double" }),
        tf.layers.conv2dTranspose({ filters: 1, kernelSize: 3, strides: 2, name: "grow" }),
        tf.layers.cropping2D({ cropping: 2, name: "cut" }),
      ),
    strides: { picture: 1, pad: 1, a: 4, double: 2, grow: 1, cut: 1 },
  },
  {
    name: "gates of one pixel, and a layer used twice",
    build() {
      const input = tf.input({ shape: [12, 10, 2], name: "picture" });
      const half = conv("half", 2, "same");
      const first = half.apply(input) as tf.SymbolicTensor;
      const means = tf.layers.globalAveragePooling2d({ name: "means" }).apply(first);
      const gate = tf.layers.reshape({ targetShape: [1, 1, 2], name: "gate" }).apply(means);
      const gated = tf.layers.multiply({ name: "gated" }).apply([gate, first] as tf.SymbolicTensor[]);
      return tf.model({ inputs: input, outputs: half.apply(gated) as tf.SymbolicTensor });
    },
    strides: { picture: 1, half: 2, "half:1": 4, gated: 2 },
  },
  {
    name: "two pictures of different size",
    build() {
      const large = tf.input({ shape: [16, 12, 1], name: "large" });
      const small = tf.input({ shape: [8, 6, 1], name: "small" });
      const joined = [conv("down", 2, "same").apply(large), small] as tf.SymbolicTensor[];
      const output = tf.layers.concatenate({ name: "joined" }).apply(joined) as tf.SymbolicTensor;
      return tf.model({ inputs: [large, small], outputs: output });
    },
    strides: { large: 1, small: 1, down: 2, joined: 2 },
  },
];

Deno.test("a layers model's strides follow from its layers", async (t) => {
  await selectBackend({ backend: "cpu" });
  for (const { name, build, strides } of cases) {
    await t.step(name, async () => {
      const model = build();
      assertEquals(stridesIn(await loadModel(model)), strides);
      model.dispose();
    });
  }
});

Deno.test("strides are the same in a layers model and in the graph it was converted to", async (t) => {
  await selectBackend({ backend: "cpu" });
  const networks: readonly (readonly [string, Record<string, number | readonly number[]>])[] = [
    ["grey_input", { conv1: 1, pool1: 2, second_relu: [2, 4] }],
    ["nested", { stem: 2, joined: 2, half: 4 }],
    ["dilated", { conv1: 2, conv2: 2, conv3_relu: 2, depthwise: 2, conv4_relu: 2 }],
    ["conv_transpose", { down2: 4, up2_relu: 2, grow: 1, last: 3 }],
  ];
  for (const [network, expected] of networks) {
    await t.step(network, async () => {
      const folder = new URL(`zoo/${network}/`, testdata);
      const layers = await loadModel(new URL("layers/", folder));
      const graph = await loadModel(new URL("graph/", folder));
      const found = stridesIn(layers);
      for (const [layer, stride] of Object.entries(expected)) {
        assertEquals(found[layer], stride, layer);
        const { path } = graph.layers.findLast(({ path }) => path.includes(`/${layer}/`))!;
        const [down, across] = graph.layers.find((node) => node.path === path)!.stride!;
        assertEquals([down, across], typeof stride === "number" ? [stride, stride] : [...stride], path);
      }
      for (const { path, outputShape, stride } of graph.layers) {
        if (outputShape[0] !== null && outputShape.length === 4) assertEquals(stride, undefined, path);
      }
      layers.dispose();
      graph.dispose();
    });
  }
});
