/**
 * This package, kept open: `ours.ts MODEL INPUT THREADS [former]`. With the last, TensorFlow.js's kernels take the place of
 * ours.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { selectBackend } from "../../../backends/mod.ts";
import { loadModel } from "../../../src/formats/mod.ts";
import { gradcam } from "../../../src/explain/gradcam.ts";
import { readFloats } from "../../../src/testing/mod.ts";
import { version } from "../../../src/base/version.ts";
import { answer, type Question } from "./answer.ts";
import { useFormerKernels } from "./former_kernels.ts";

const [modelPath, inputPath, threads, former] = Deno.args as [string, string, string, string?];
if (former) useFormerKernels(Number(threads));
const backend = await selectBackend({ backend: "wasm", threads: Number(threads) });
if (backend.threads !== Number(threads)) {
  throw new Error(`WebAssembly has ${backend.threads} threads, not ${threads}`);
}
if ((backend.kernels === null) !== (former !== undefined)) {
  throw new Error(`the kernels that compute are ${backend.kernels ?? "TensorFlow.js's"}`);
}
const model = await loadModel(modelPath);
const x = tf.tensor4d(await readFloats(new URL(`file://${inputPath}`)), [1, 224, 224, 3]);

async function heatmap({ classIndex, options }: Question): Promise<void> {
  await gradcam(model, x, { ...options, classIndex });
}

async function forward(): Promise<void> {
  const scores = model.predict(x); // [1, classes]
  await scores.data();
  scores.dispose();
}

async function scores() {
  const values = model.predict(x); // [1, classes]
  const list = [...await values.data()];
  values.dispose();
  return { scores: list };
}

/** The map of a class, or of the best where the class is −1. */
async function map({ classIndex, options }: Question) {
  const explanation = await gradcam(model, x, { ...options, ...(classIndex >= 0 && { classIndex }) });
  const { data, height, width } = explanation.heatmap;
  return {
    map: [...data],
    shape: [height, width],
    classIndex: explanation.classIndex,
    layer: explanation.layer,
    diagnosis: explanation.diagnosis,
  };
}

await answer(
  { "@xai/gradcam": version, "@tensorflow/tfjs": tf.version.tfjs, deno: Deno.version.deno },
  { run: { heatmap, forward }, map, scores },
);
Deno.exit(0); // threads would keep the process
