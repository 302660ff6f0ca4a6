import * as tf from "@tensorflow/tfjs";
import { assertEquals } from "@std/assert";
import { selectBackend } from "../../../backends/mod.ts";
import type { ExplainableModel } from "../model.ts";
import { LayersModelAdapter } from "../layers_model.ts";
import { after, buildChain } from "../testing.ts";

/** What a model's own layers tell of its pixels. */
async function ownScaling(model: ExplainableModel): Promise<string | undefined> {
  const evidence = await model.pixelEvidence();
  return evidence.find(({ source }) => source === "layers")?.preprocessing.name;
}

Deno.test("ownScalingEvidence() tells how a model wants its pixels", async (t) => {
  await selectBackend({ backend: "cpu" });
  const cases: readonly (readonly [string, tf.layers.Layer[], string | undefined])[] = [
    ["a division by 255", [tf.layers.rescaling({ scale: 1 / 255 })], "none"],
    ["to −1 … 1", [tf.layers.rescaling({ scale: 1 / 127.5, offset: -1 })], "none"],
    ["from 0 … 1 to −1 … 1", [tf.layers.rescaling({ scale: 2, offset: -1 })], "unit"],
    ["after padding", [tf.layers.zeroPadding2d({}), tf.layers.rescaling({ scale: 0.01 })], "none"],
    ["none", [], undefined],
  ];
  for (const [name, layers, expected] of cases) {
    await t.step(name, async () => {
      const input = tf.input({ shape: [8, 10, 3] });
      const convolution = tf.layers.conv2d({ filters: 2, kernelSize: 3 });
      const output = [...layers, convolution].reduce(
        (tensor, layer) => layer.apply(tensor) as tf.SymbolicTensor,
        input,
      );
      const model = tf.model({ inputs: input, outputs: output });
      assertEquals(await ownScaling(new LayersModelAdapter(model)), expected);
      model.dispose();
    });
  }
});

Deno.test("ownScalingEvidence() follows what a Keras model does to its pixels", async (t) => {
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
      "after a layer that changes no pixel",
      [after("image", "ReLU", layer), after("ReLU", "Subtract", {}, 127)],
      "none",
    ],
  ];
  for (const [name, layers, expected] of cases) {
    await t.step(name, async () => {
      const model = await buildChain(layers);
      assertEquals(await ownScaling(model), expected);
      assertEquals(model.preprocessing?.name, expected);
      model.dispose();
    });
  }
});

Deno.test("ownScalingEvidence() looks at every input, in whatever order", async () => {
  for (const pictureFirst of [true, false]) {
    const age = tf.input({ shape: [1] });
    const photo = tf.input({ shape: [8, 10, 3] });
    const scaled = tf.layers.rescaling({ scale: 1 / 255 }).apply(photo);
    const means = tf.layers.globalAveragePooling2d({}).apply(scaled);
    const joined = tf.layers.concatenate({}).apply([means, age] as tf.SymbolicTensor[]) as tf.SymbolicTensor;
    const model = tf.model({ inputs: pictureFirst ? [photo, age] : [age, photo], outputs: joined });
    assertEquals(await ownScaling(new LayersModelAdapter(model)), "none");
    model.dispose();
  }
});
