import * as tf from "@tensorflow/tfjs";
import { assertAlmostEquals, assertEquals } from "@std/assert";
import { selectBackend } from "../../backends/mod.ts";
import { leavingNoTensors } from "../testing/mod.ts";
import { graphModel, node, placeholder, pointwise } from "../testing/graph.ts";
import { gradcam } from "./gradcam.ts";

/** A photo 2 high and 3 wide. */
const photo = [-1, 2, -3, 4, -5, 7];

/**
 * y = mean of 2·r(x) − 3·r(−x) with a rectifier r. What comes back to r is 2/6 in one channel and −3/6 in the other, so
 * that the first alone is let through.
 */
const through = 2 / 6;
const expected: Readonly<Record<string, readonly number[]>> = {
  guided: photo.map((x) => x > 0 ? through : 0),
  guidedBelow6: photo.map((x) => x > 0 && x < 6 ? through : 0),
  deconvolution: photo.map(() => through),
};

type Build = (input: tf.SymbolicTensor) => tf.SymbolicTensor;

const kernel = () => tf.tensor4d([1, -1], [1, 1, 1, 2]);

function convolution(activation?: "relu" | "relu6" | "selu" | "swish"): tf.layers.Layer {
  return tf.layers.conv2d({
    filters: 2,
    kernelSize: 1,
    name: "both",
    useBias: false,
    ...(activation && { activation }),
  });
}

function followedBy(layer: tf.layers.Layer): Build {
  return (input) => layer.apply(convolution().apply(input)) as tf.SymbolicTensor;
}

const fused = (activation: "relu" | "relu6" | "swish"): Build => (input) =>
  convolution(activation).apply(input) as tf.SymbolicTensor;

function layersModel(build: Build): tf.LayersModel {
  const input = tf.input({ shape: [2, 3, 1] });
  const end = tf.layers.conv2d({ filters: 1, kernelSize: 1, name: "end", useBias: false });
  const mean = tf.layers.globalAveragePooling2d({});
  const model = tf.model({
    inputs: input,
    outputs: mean.apply(end.apply(build(input))) as tf.SymbolicTensor,
  });
  tf.tidy(() => {
    model.getLayer("both").setWeights([kernel()]);
    end.setWeights([tf.tensor4d([2, -3], [1, 1, 2, 1])]);
  });
  return model;
}

/** The same as a converted graph, whose rectifier is one or two nodes from "conv" to "r". */
function graphOf(...nodes: ReturnType<typeof node>[]): Promise<tf.GraphModel> {
  return graphModel({
    outputs: ["y"],
    nodes: [
      placeholder("x", [1, 2, 3, 1]),
      node("Conv2D", "conv", ["x", "kernel"], pointwise),
      ...nodes,
      node("Conv2D", "end", ["r", "weights"], pointwise),
      node("Mean", "y", ["end", "axes"], { keep_dims: { b: false } }),
    ],
    weights: {
      kernel: { shape: [1, 1, 1, 2], values: [1, -1] },
      weights: { shape: [1, 1, 2, 1], values: [2, -3] },
      axes: { shape: [2], values: [1, 2], dtype: "int32" },
      zero: { shape: [], values: [0] },
      six: { shape: [], values: [6] },
    },
  });
}

const cases:
  readonly (readonly [string, () => tf.LayersModel | Promise<tf.GraphModel>, "guided" | "guidedBelow6"])[] = [
    ["an activation of a layer", () => layersModel(fused("relu")), "guided"],
    ["ReLU6 of a layer", () => layersModel(fused("relu6")), "guidedBelow6"],
    [
      "an Activation layer",
      () => layersModel(followedBy(tf.layers.activation({ activation: "relu" }))),
      "guided",
    ],
    ["a ReLU layer", () => layersModel(followedBy(tf.layers.reLU())), "guided"],
    ["a ReLU layer up to 6", () => layersModel(followedBy(tf.layers.reLU({ maxValue: 6 }))), "guidedBelow6"],
    ["a ReLU layer up to 5", () => layersModel(followedBy(tf.layers.reLU({ maxValue: 5 }))), "guidedBelow6"],
    ["a node Relu", () => graphOf(node("Relu", "r", ["conv"])), "guided"],
    ["a node Relu6", () => graphOf(node("Relu6", "r", ["conv"])), "guidedBelow6"],
    ["the larger of a value and 0", () => graphOf(node("Maximum", "r", ["conv", "zero"])), "guided"],
    ["the larger of 0 and a value", () => graphOf(node("Maximum", "r", ["zero", "conv"])), "guided"],
    [
      "clipped from 0 to 6",
      () => graphOf(node("Minimum", "low", ["conv", "six"]), node("Maximum", "r", ["low", "zero"])),
      "guidedBelow6",
    ],
  ];

async function mapBy(
  model: tf.LayersModel | tf.GraphModel,
  method: "guidedbackprop" | "deconvolution" | "saliency",
) {
  const x = tf.tensor4d(photo, [1, 2, 3, 1]);
  try {
    const { maps: [map], warnings } = await gradcam(model, x, { method, classIndex: 0 });
    return { raw: map!.raw.data, warnings: warnings.filter((one) => /rectifier/.test(one)) };
  } finally {
    x.dispose();
  }
}

function assertMap(found: Float32Array, wanted: readonly number[]) {
  assertEquals(found.length, wanted.length);
  found.forEach((value, at) => assertAlmostEquals(value, wanted[at]!, 1e-6, `${found}`));
}

Deno.test("guided backpropagation and deconvolution exchange every rectifier's rule", async (t) => {
  await selectBackend({ backend: "cpu" });
  for (const [name, build, rule] of cases) {
    await t.step(name, async () => {
      const model = await build();
      await leavingNoTensors(async () => {
        const guided = await mapBy(model, "guidedbackprop");
        assertMap(guided.raw, expected[rule]!);
        assertEquals(guided.warnings, []);
        const { raw, warnings } = await mapBy(model, "deconvolution");
        // Above its bound the smaller of a value and 6 is 6, whatever the rectifier's rule.
        assertMap(
          raw,
          name.startsWith("clipped") ? photo.map((x) => x < 6 ? through : 0) : expected.deconvolution!,
        );
        assertEquals(warnings, []);
      });
      model.dispose();
    });
  }
});

Deno.test("guided backpropagation says where no rule could be exchanged", async (t) => {
  await selectBackend({ backend: "cpu" });
  const plain = "Guided backpropagation gives the plain gradient: ";
  const none = `${plain}the network has no rectifier (ReLU)`;
  const leaky = `${plain}of 1 rectifiers none cuts off all that is below 0`;
  const others: readonly (readonly [string, () => tf.LayersModel | Promise<tf.GraphModel>, string])[] = [
    ["swish", () => layersModel(fused("swish")), none],
    ["LeakyReLU", () => layersModel(followedBy(tf.layers.leakyReLU({ alpha: 0.1 }))), leaky],
    ["PReLU", () => layersModel(followedBy(tf.layers.prelu())), leaky],
    ["a node LeakyRelu", () => graphOf(node("LeakyRelu", "r", ["conv"], { alpha: { f: 0.1 } })), leaky],
    ["a node Elu", () => graphOf(node("Elu", "r", ["conv"])), leaky],
  ];
  for (const [name, build, warning] of others) {
    await t.step(name, async () => {
      const model = await build();
      await leavingNoTensors(async () => {
        const [guided, saliency] = [await mapBy(model, "guidedbackprop"), await mapBy(model, "saliency")];
        assertMap(guided.raw.map(Math.abs), [...saliency.raw]);
        assertEquals(guided.warnings, [warning]);
      });
      model.dispose();
    });
  }
  await t.step("some of several", async () => {
    const model = layersModel((input) =>
      tf.layers.leakyReLU().apply(fused("relu")(input)) as tf.SymbolicTensor
    );
    await leavingNoTensors(async () => {
      const { warnings } = await mapBy(model, "guidedbackprop");
      assertEquals(warnings, [
        "Guided backpropagation leaves 1 of 2 rectifiers their own derivative, such as leaky ones",
      ]);
    });
    model.dispose();
  });
});
