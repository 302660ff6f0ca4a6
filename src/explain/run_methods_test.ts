/** Methods that run the model again, and the factorisation, through the whole pipeline. */
import * as tf from "@tensorflow/tfjs";
import { assert, assertEquals, assertGreater, assertLess, assertRejects } from "@std/assert";
import { type BackendName, selectBackend } from "../../backends/mod.ts";
import { buffersOf, sendExplanation } from "../jobs/sent_explanation.ts";
import { loadModel } from "../formats/mod.ts";
import type { MethodName } from "../methods/mod.ts";
import type { MethodSettings } from "../methods/settings.ts";
import { largestDifference, leavingNoTensors, testdata } from "../testing/mod.ts";
import type { GradcamOptions } from "./gradcam_options.ts";
import { gradcam } from "./gradcam.ts";
import type { MapProgress } from "./progress.ts";

/** A method, what it is told, and how many runs that is on the tiny model. */
interface Row {
  readonly method: MethodName;
  readonly settings: MethodSettings;
  readonly runs: number;
}

/** An input 8 high and 6 wide, a layer with two channels. */
const rows: readonly Row[] = [
  { method: "scorecam", settings: {}, runs: 2 },
  { method: "ablationcam", settings: {}, runs: 2 },
  { method: "occlusion", settings: { window: 4, stride: 3 }, runs: 3 * 2 },
  { method: "rise", settings: { samples: 70, cells: 3, seed: 5 }, runs: 70 },
  { method: "lime", settings: { samples: 20, segments: 6, seed: 5 }, runs: 20 },
  { method: "deepfeaturefactorization", settings: { components: 2 }, runs: 2 },
];

/** A convolution with two channels, their mean, three classes; each with its own weights. */
function tinyModel(): tf.LayersModel {
  const x = tf.input({ shape: [8, 6, 3] });
  const rectified = {
    filters: 2,
    kernelSize: 3,
    padding: "same",
    activation: "relu",
    name: "features",
  } as const;
  const seed = (at: number) => tf.initializers.glorotUniform({ seed: at });
  const features = tf.layers.conv2d({ ...rectified, kernelInitializer: seed(3) }).apply(x);
  const means = tf.layers.globalAveragePooling2d({}).apply(features);
  const scores = tf.layers.dense({ units: 3, activation: "softmax", kernelInitializer: seed(4) }).apply(
    means,
  );
  return tf.model({ inputs: x, outputs: scores as tf.SymbolicTensor });
}

function picture(): tf.Tensor4D {
  return tf.tidy(() => tf.randomUniform([1, 8, 6, 3], -1, 1, "float32", 7) as tf.Tensor4D);
}

for (const backend of ["cpu", "wasm"] satisfies BackendName[]) {
  Deno.test(`methods that run the model again, on ${backend}`, async (t) => {
    await selectBackend({ backend });
    const model = tinyModel();
    const x = picture();
    for (const { method, settings, runs } of rows) {
      const explain = (more: GradcamOptions = {}) =>
        gradcam(model, x, { method, settings, classIndex: 1, ...more });

      await t.step(`${method} gives the same map twice and tells its cost before`, async () => {
        await leavingNoTensors(async () => {
          const told: MapProgress[] = [];
          const { maps: [first] } = await explain({ onProgress: (progress) => told.push(progress) });
          const { maps: [second] } = await explain();
          assertEquals(second!.raw, first!.raw);
          assert(first!.raw.data.every(Number.isFinite));
          assertGreater(new Set(first!.raw.data).size, 1);
          assertEquals([first!.raw.height, first!.raw.width], [8, 6]);
          assertEquals([told[0]!.total, told.at(-1)], [runs, { done: runs, total: runs }]);
        });
      });

      await t.step(`${method} runs the model once for several classes`, async () => {
        await leavingNoTensors(async () => {
          const told: number[] = [];
          const { maps } = await explain({ classIndex: [1, 2], onProgress: ({ done }) => told.push(done) });
          assertEquals(told.filter((done) => done > runs), [2 * runs]); // all of the second at once
          const { maps: [alone] } = await explain({ classIndex: 2 });
          assertLess(largestDifference(maps[1]!.raw.data, alone!.raw.data), 1e-6);
        });
      });

      await t.step(`${method} ends when the signal is given, and leaves nothing`, async () => {
        await leavingNoTensors(async () => {
          const controller = new AbortController();
          const onProgress = () => controller.abort();
          await assertRejects(() => explain({ onProgress, signal: controller.signal }), DOMException);
        });
      });
    }
    x.dispose();
    model.dispose();
  });
}

Deno.test("the factorisation's components are named, written as JSON and sent", async () => {
  await selectBackend({ backend: "cpu" });
  const model = await loadModel(new URL("zoo/sequential/keras3.keras", testdata));
  const labels = model.outputs[0]!.shape.at(-1)!;
  const names = Array.from({ length: labels }, (_, at) => `class ${at}`);
  const [, height, width, channels] = model.inputs[0]!.shape as number[];
  const x = tf.randomUniform<tf.Rank.R4>([1, height!, width!, channels!], 0, 1, "float32", 3);
  const explanation = await gradcam(model, x, {
    method: "deepfeaturefactorization",
    settings: { components: 3 },
    labels: names,
  });
  const { maps: [map] } = explanation;
  const components = map!.components!;
  assertEquals(components.length, 3);
  for (const { heatmap, raw, classes } of components) {
    assertEquals([raw.height, raw.width], [map!.raw.height, map!.raw.width]);
    assertEquals(Math.max(...heatmap.data) <= 1, true);
    assertEquals(classes.every(({ classIndex, label }) => label === `class ${classIndex}`), true);
    assertEquals(classes.toSorted((a, b) => b.score - a.score), classes);
  }
  const chosen = components.filter(({ raw }) => raw.data.every((value, at) => value === map!.raw.data[at]));
  assertEquals(chosen.length, 1);
  const [plain] = JSON.parse(JSON.stringify(explanation)).maps[0].components;
  assertEquals(plain.raw.data, [...components[0]!.raw.data]);
  assertEquals(plain.classes[0], { ...components[0]!.classes[0] });
  const cells = map!.raw.data.length;
  const sent = sendExplanation(explanation);
  const buffers = buffersOf(sent);
  const arrived = structuredClone(sent, { transfer: buffers });
  assertEquals(arrived.maps[0]!.components!.map(({ raw }) => raw.data.length), [cells, cells, cells]);
  assertEquals(buffers.length, 2 + 2 * 3);
  x.dispose();
  model.dispose();
});
