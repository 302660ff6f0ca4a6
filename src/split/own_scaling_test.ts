import * as tf from "@tensorflow/tfjs";
import { assertEquals } from "@std/assert";
import { selectBackend } from "../../backends/mod.ts";
import { flatten } from "./flatten.ts";
import type { GraphNode } from "./graph_nodes.ts";
import { graphModelScaling, layersModelScaling } from "./own_scaling.ts";
import { after, buildChain } from "./testing.ts";

Deno.test("layersModelScaling() tells how a model wants its pixels", async (t) => {
  await selectBackend({ backend: "cpu" });
  const cases: readonly (readonly [string, tf.layers.Layer[], string | undefined])[] = [
    ["a division by 255", [tf.layers.rescaling({ scale: 1 / 255 })], "none"],
    ["to −1 … 1", [tf.layers.rescaling({ scale: 1 / 127.5, offset: -1 })], "none"],
    ["from 0 … 1 to −1 … 1", [tf.layers.rescaling({ scale: 2, offset: -1 })], "unit"],
    ["after padding", [tf.layers.zeroPadding2d({}), tf.layers.rescaling({ scale: 0.01 })], "none"],
    ["none", [], undefined],
  ];
  for (const [name, layers, expected] of cases) {
    await t.step(name, () => {
      const input = tf.input({ shape: [8, 10, 3] });
      const convolution = tf.layers.conv2d({ filters: 2, kernelSize: 3 });
      const output = [...layers, convolution].reduce(
        (tensor, layer) => layer.apply(tensor) as tf.SymbolicTensor,
        input,
      );
      const model = tf.model({ inputs: input, outputs: output });
      assertEquals(layersModelScaling(flatten(model))?.name, expected);
      model.dispose();
    });
  }
});

Deno.test("layersModelScaling() follows what a Keras model does to its pixels", async (t) => {
  await selectBackend({ backend: "cpu" });
  const layer = { trainable: false };
  const numbers = (value: unknown) => ({ class_name: "__tensor__", config: { value, dtype: "float32" } });
  const cases: readonly (readonly [string, ReturnType<typeof after>[], string | undefined])[] = [
    [
      "÷ 127.5 − 1",
      [after("image", "TrueDivide", {}, 127.5), after("TrueDivide", "Subtract", {}, 1)],
      "none",
    ],
    ["× 2 − 1", [after("image", "Multiply", {}, 2), after("Multiply", "Subtract", {}, 1)], "unit"],
    ["− 124, 117, 104", [after("image", "Add", {}, numbers([[-124, -117, -104]]))], "none"],
    ["− 0.45", [after("image", "Subtract", {}, 0.45)], "unit"],
    [
      "a scale for each channel",
      [after("image", "Rescaling", { ...layer, scale: [0.01, 0.02, 0.01] })],
      "none",
    ],
    ["a mean and variance", [
      after("image", "Normalization", {
        ...layer,
        axis: -1,
        mean: [0.4, 0.4, 0.4],
        variance: [0.05, 0.05, 0.05],
      }),
    ], "unit"],
    ["after augmentation", [
      after("image", "RandomFlip", layer),
      after("RandomFlip", "Rescaling", { ...layer, scale: 0.004, offset: 0 }),
    ], "none"],
    [
      "after a layer of another kind",
      [after("image", "ReLU", layer), after("ReLU", "Subtract", {}, 127)],
      undefined,
    ],
  ];
  for (const [name, layers, expected] of cases) {
    await t.step(name, async () => {
      const model = await buildChain(layers);
      assertEquals(model.preprocessing?.name, expected);
      model.dispose();
    });
  }
});

Deno.test("layersModelScaling() looks at every input, in whatever order", () => {
  for (const pictureFirst of [true, false]) {
    const age = tf.input({ shape: [1] });
    const photo = tf.input({ shape: [8, 10, 3] });
    const scaled = tf.layers.rescaling({ scale: 1 / 255 }).apply(photo);
    const means = tf.layers.globalAveragePooling2d({}).apply(scaled);
    const joined = tf.layers.concatenate({}).apply([means, age] as tf.SymbolicTensor[]) as tf.SymbolicTensor;
    const model = tf.model({ inputs: pictureFirst ? [photo, age] : [age, photo], outputs: joined });
    assertEquals(layersModelScaling(flatten(model))?.name, "none");
    model.dispose();
  }
});

/** A graph of operations one after another, each with its constant. */
function chain(operations: readonly (readonly [string, number?])[]): [tf.GraphModel, GraphNode[]] {
  const weights: Record<string, tf.Tensor[]> = {};
  const node = (name: string, op: string, inputs: GraphNode[]): GraphNode => ({
    name,
    op,
    inputs,
    inputNames: inputs.map((input) => input.name),
    attrParams: {},
  });
  const nodes = [node("input", "Placeholder", [])];
  operations.forEach(([op, constant], index) => {
    const name = `${op}_${index}`;
    const constants = constant === undefined ? [] : [node(`${name}/constant`, "Const", [])];
    if (constant !== undefined) weights[`${name}/constant`] = [tf.scalar(constant)];
    nodes.push(node(name, op, [nodes.at(-1)!, ...constants]));
  });
  return [{ weights } as unknown as tf.GraphModel, nodes];
}

Deno.test("graphModelScaling() tells how a model wants its pixels", async (t) => {
  await selectBackend({ backend: "cpu" });
  const cases: readonly (readonly [string, readonly (readonly [string, number?])[], string | undefined])[] = [
    ["÷ 127.5 − 1", [["RealDiv", 127.5], ["Sub", 1], ["Conv2D"]], "none"],
    ["× 2 − 1", [["Mul", 2], ["Sub", 1], ["Conv2D"]], "unit"],
    ["− 0.45, ÷ 0.22", [["Sub", 0.45], ["RealDiv", 0.22], ["Conv2D"]], "unit"],
    ["− 123.7", [["Identity"], ["Sub", 123.7], ["Conv2D"]], "none"],
    ["× 0.0039 after a resizing", [["ResizeBilinear"], ["Mul", 0.0039], ["Conv2D"]], "none"],
    ["nothing", [["Conv2D"], ["Mul", 0.001]], undefined],
  ];
  for (const [name, operations, expected] of cases) {
    await t.step(name, () => {
      tf.tidy(() => assertEquals(graphModelScaling(...chain(operations), ["input"])?.name, expected));
    });
  }
});

Deno.test("graphModelScaling() takes no arithmetic on numbers for that on pixels", () => {
  tf.tidy(() => {
    const [model, nodes] = chain([["Sub", 50], ["RealDiv", 20], ["MatMul"]]);
    assertEquals(graphModelScaling(model, nodes, []), undefined);
  });
});
