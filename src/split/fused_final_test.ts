/** Sigmoids that the converter fused into the product before them: no node gives the logits. */
import * as tf from "@tensorflow/tfjs";
import { assertAlmostEquals, assertEquals } from "@std/assert";
import { testedBackends, tryBackend } from "../testing/mod.ts";
import { loadModel } from "../formats/mod.ts";
import { gradcam } from "../explain/gradcam.ts";
import { leavingNoTensors } from "../testing/mod.ts";

const float = { type: "DT_FLOAT" };
const strings = (...texts: string[]) => ({ list: { s: texts.map((text) => btoa(text)) } });
const constant = (name: string, type: string) => ({
  name,
  op: "Const",
  attr: { dtype: { type }, value: { tensor: { dtype: type } } },
});

/** Two channels, 2 × 3: their means through one unit, and each pixel through another; both end in a fused sigmoid. */
async function fusedSigmoids(): Promise<tf.GraphModel> {
  const size = ["-1", "2", "3", "2"].map((size) => ({ size }));
  const fused = { T: float, num_args: { i: "1" }, fused_ops: strings("BiasAdd", "Sigmoid") };
  const node = [
    { name: "picture", op: "Placeholder", attr: { dtype: float, shape: { shape: { dim: size } } } },
    ...["kernel", "filter", "bias"].map((name) => constant(name, "DT_FLOAT")),
    constant("axes", "DT_INT32"),
    { name: "relu", op: "Relu", input: ["picture"], attr: { T: float } },
    { name: "mean", op: "Mean", input: ["relu", "axes"], attr: { T: float, keep_dims: { b: false } } },
    { name: "unit", op: "_FusedMatMul", input: ["mean", "kernel", "bias"], attr: fused },
    {
      name: "mask",
      op: "_FusedConv2D",
      input: ["relu", "filter", "bias"],
      attr: {
        ...fused,
        strides: { list: { i: ["1", "1", "1", "1"] } },
        dilations: { list: { i: ["1", "1", "1", "1"] } },
        padding: { s: btoa("SAME") },
        data_format: { s: btoa("NHWC") },
      },
    },
    { name: "first", op: "Identity", input: ["unit"], attr: { T: float } },
    { name: "second", op: "Identity", input: ["mask"], attr: { T: float } },
  ];
  return await tf.loadGraphModel(tf.io.fromMemory({
    format: "graph-model",
    modelTopology: { node, versions: { producer: 1 } },
    weightSpecs: [
      { name: "kernel", shape: [2, 1], dtype: "float32" },
      { name: "filter", shape: [1, 1, 2, 1], dtype: "float32" },
      { name: "bias", shape: [1], dtype: "float32" },
      { name: "axes", shape: [2], dtype: "int32" },
    ],
    weightData: new Uint8Array([
      ...new Uint8Array(Float32Array.of(2, -1, 2, -1, 0.5).buffer),
      ...new Uint8Array(Int32Array.of(1, 2).buffer),
    ]).buffer,
  }));
}

const values = [1, 2, 3, 1, 0.5, 0.25, 2, 1, 0.125, 3, 1, 4];
const logits = Array.from({ length: 6 }, (_, at) => 2 * values[at * 2]! - values[at * 2 + 1]!);
const mean = (numbers: readonly number[]) =>
  numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
const sigmoid = (z: number) => 1 / (1 + Math.exp(-z));

Deno.test("split() finds a fused sigmoid, and takes it off for the logit", async (t) => {
  for (const backend of testedBackends) {
    const missing = await tryBackend(backend);
    if (missing !== undefined) {
      await t.step({ name: `${backend} skipped: ${missing}`, ignore: true, fn: () => {} });
      continue;
    }
    await leavingNoTensors(async () => {
      const held = await fusedSigmoids();
      const model = await loadModel(held);
      const x = tf.tensor4d(values, [1, 2, 3, 2]);
      const explain = (output: string, score: "output" | "logit", layer = "relu") =>
        leavingNoTensors(() => gradcam(model, x, { output, score, layer, classIndex: [0, 1] }));
      const z = mean(logits) + 0.5;

      await t.step(`a unit, ${backend}`, async () => {
        for (const score of ["output", "logit"] as const) {
          const { maps: [unit, opposite], warnings } = await explain("first", score);
          const slope = score === "logit" ? 1 : sigmoid(z) * (1 - sigmoid(z));
          assertAlmostEquals(unit!.score, sigmoid(z), 1e-6);
          assertAlmostEquals(opposite!.score, 1 - sigmoid(z), 1e-6);
          unit!.raw.data.forEach((value, at) => assertAlmostEquals(value, slope * logits[at]! / 6, 1e-6));
          opposite!.raw.data.forEach((value, at) =>
            assertAlmostEquals(value, -slope * logits[at]! / 6, 1e-6)
          );
          assertEquals(warnings, []);
        }
      });
      await t.step(`a mask, ${backend}`, async () => {
        const { maps: [unit], warnings } = await explain("second", "logit");
        unit!.raw.data.forEach((value, at) => assertAlmostEquals(value, logits[at]! / 6, 1e-6));
        assertAlmostEquals(unit!.score, sigmoid(z), 1e-6, "Of the mean logit");
        assertEquals(warnings, []);
      });
      await t.step(`at the mask itself, behind which no logit lies, ${backend}`, async () => {
        for (const layer of ["mask", "second"]) {
          const { maps: [unit], warnings } = await explain("second", "logit", layer);
          assertAlmostEquals(unit!.score, mean(logits.map((logit) => sigmoid(logit + 0.5))), 1e-6);
          unit!.raw.data.forEach((value, at) =>
            assertAlmostEquals(value, sigmoid(logits[at]! + 0.5) / 6, 1e-6)
          );
          assertEquals(warnings, [
            `No logit lies behind layer "${layer}", only the output itself: it is differentiated`,
          ]);
        }
      });
      x.dispose();
      held.dispose();
    });
  }
  await tryBackend("cpu");
});
