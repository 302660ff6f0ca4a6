import * as tf from "@tensorflow/tfjs";
import { assertEquals } from "@std/assert";
import { selectBackend } from "../../backends/mod.ts";
import { gradcam } from "../explain/gradcam.ts";
import { leavingNoTensors } from "../testing/mod.ts";
import { after, buildChain } from "./testing.ts";

const layer = { trainable: false };
/** A layer, an operation on its pictures, and the mean of each channel. */
const features = [
  after("image", "ReLU", layer),
  after("ReLU", "Square", {}),
  after("Square", "GlobalAveragePooling2D", layer),
];
/** The same with the mean of the one channel that is left. */
const unit = [
  after("image", "ReLU", layer),
  after("ReLU", "Mean", { axis: [-1], keepdims: true }),
  after("Mean", "GlobalAveragePooling2D", layer),
];

Deno.test("split() sees the activation that a model recorded at its end, and layers before operations", async (t) => {
  await selectBackend({ backend: "cpu" });
  const pooled = "GlobalAveragePooling2D";
  const cases: readonly {
    name: string;
    layers: ReturnType<typeof after>[];
    final: string | undefined;
    binary?: boolean;
  }[] = [
    { name: "softmax", layers: [...features, after(pooled, "Softmax", { axis: -1 })], final: "softmax" },
    {
      name: "softmax over axis 1",
      layers: [...features, after(pooled, "Softmax", { axis: 1 })],
      final: "softmax",
    },
    { name: "sigmoids", layers: [...features, after(pooled, "Sigmoid", {})], final: "sigmoid" },
    { name: "one sigmoid", layers: [...unit, after(pooled, "Sigmoid", {})], final: "sigmoid", binary: true },
    {
      name: "another shape after it",
      layers: [...features, after(pooled, "Softmax", {}), after("Softmax", "Reshape", { newshape: [-1, 3] })],
      final: "softmax",
    },
    {
      name: "softmax over the batch",
      layers: [...features, after(pooled, "Softmax", { axis: 0 })],
      final: undefined,
    },
    { name: "a tangent", layers: [...features, after(pooled, "Tanh", {})], final: undefined },
  ];
  for (const { name, layers, final, binary = false } of cases) {
    await t.step(name, () =>
      leavingNoTensors(async () => {
        const model = await buildChain(layers);
        const split = model.split();
        assertEquals([split.layer, split.finalActivation, split.binary], ["ReLU", final, binary]);
        const x = tf.ones<tf.Rank.R4>([1, 8, 10, 3]);
        const { warnings } = await gradcam(model, x, { score: "logit", classIndex: 0 });
        assertEquals(
          warnings.some((warning) => warning.includes("no softmax or sigmoid")),
          final === undefined,
        );
        x.dispose();
        model.dispose();
      }));
  }
  await t.step("an operation where there is no layer", async () => {
    const model = await buildChain([after("image", "Square", {}), after("Square", pooled, layer)]);
    assertEquals(model.split().layer, "Square");
    model.dispose();
  });
});
