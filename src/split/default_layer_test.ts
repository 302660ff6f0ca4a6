import * as tf from "@tensorflow/tfjs";
import { assertEquals, assertThrows } from "@std/assert";
import { selectBackend } from "../../backends/mod.ts";
import { LayerNotFoundError } from "../base/errors.ts";
import { loadModel } from "../formats/mod.ts";
import { GradCAM } from "../explain/gradcam_class.ts";
import { leavingNoTensors, testdata } from "../testing/mod.ts";
import { buildManyWays } from "../testing/tiny_model.ts";
import { findDefaultLayer, splitAt } from "./default_layer.ts";

Deno.test("splitAt() takes the last layer that leads to the output", async (t) => {
  await selectBackend({ backend: "cpu" });
  await leavingNoTensors(async () => {
    const held = buildManyWays();
    const model = await loadModel(held);
    const passed = 'Passed over "mask", which does not lead to output "unit", for "features"';
    const cases:
      readonly (readonly [string, number | string | undefined, string | undefined, string, string[]])[] = [
        ["the first output", undefined, undefined, "features", [passed]],
        ["by name", "unit", undefined, "features", [passed]],
        ["the other", "mask", undefined, "mask", []],
        ["a layer that was named", "unit", "half", "half", []],
      ];
    for (const [name, output, layer, expected, warnings] of cases) {
      await t.step(name, () => {
        const split = splitAt(model, layer, output === undefined ? {} : { output });
        assertEquals([split.layer, split.warnings], [expected, warnings]);
        assertEquals(split.connected, name !== "a layer that was named");
      });
    }
    assertEquals(findDefaultLayer(model), "features");
    assertEquals(new GradCAM(model, { output: "mask" }).findOutputLayer(), "mask");
    assertThrows(() => splitAt(model, "haf"), LayerNotFoundError, "half");
    assertThrows(() => splitAt(model, undefined, { output: "maks" }), RangeError, "mask");
    held.dispose();
  });
});

/** Two pictures through one convolution, and what it finds in them compared. */
function buildPair(): tf.LayersModel {
  const pictures = ["before", "after"].map((name) => tf.input({ shape: [6, 8, 3], name }));
  const convolution = tf.layers.conv2d({ filters: 2, kernelSize: 3, name: "conv" });
  const vectors = pictures.map((picture) => {
    const features = convolution.apply(picture) as tf.SymbolicTensor;
    return tf.layers.globalAveragePooling2d({}).apply(features) as tf.SymbolicTensor;
  });
  const joined = tf.layers.concatenate().apply(vectors);
  const scores = tf.layers.dense({ units: 3, activation: "softmax" }).apply(joined) as tf.SymbolicTensor;
  return tf.model({ inputs: pictures, outputs: scores });
}

Deno.test("splitAt() takes a layer that depends on the image", async (t) => {
  await selectBackend({ backend: "cpu" });
  await leavingNoTensors(async () => {
    const held = buildPair();
    const model = await loadModel(held);
    const other = tf.zeros([1, 6, 8, 3]);
    const cases = [
      { image: "after", given: "before", layer: "conv:1", warning: "" },
      {
        image: "before",
        given: "after",
        layer: "conv",
        warning: 'Passed over "conv:1", which does not depend on the image, for "conv"',
      },
    ];
    for (const { image, given, layer, warning } of cases) {
      await t.step(image, () => {
        const split = splitAt(model, undefined, { input: image, inputs: { [given]: other } });
        assertEquals([split.layer, split.warnings.join()], [layer, warning]);
      });
    }
    await t.step("a layer that was named", () => {
      const options = { input: "before", inputs: { after: other } };
      const { warnings, seesImage } = splitAt(model, "conv:1", options);
      assertEquals([seesImage, warnings.length], [false, 1]);
      assertEquals(splitAt(model, "conv", options).warnings, []);
    });
    const weights = held.weights.map((weight) => weight.read()); // TensorFlow.js forgets those of a shared layer
    held.dispose();
    tf.dispose([other, weights.filter(({ isDisposed }) => !isDisposed)]);
  });
});

Deno.test("findDefaultLayer() finds none where there is none", async () => {
  const model = await loadModel(new URL("zoo/no_4d/layers/", testdata));
  assertEquals(findDefaultLayer(model), undefined);
  model.dispose();
});
