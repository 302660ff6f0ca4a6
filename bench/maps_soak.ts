/**
 * Thousands of maps in one process, among them some that are stopped in the middle and some that cannot be had: what is left
 * over of tensors and memory, and whether the last maps are the first ones, byte for byte.
 *
 *     deno task soak:maps [--maps 10000] [--threads 2]
 *
 * Ends with 1 if anything is left over.
 */
import * as tf from "@tensorflow/tfjs";
import { parseArgs } from "node:util";
import { selectBackend } from "../backends/mod.ts";
import { gradcam } from "../src/explain/gradcam.ts";
import { loadModel } from "../src/formats/mod.ts";
import type { ExplainableModel } from "../src/split/model.ts";
import { photoTensor } from "./setup.ts";

const usage = `Usage: deno task soak:maps [--maps N] [--threads N]

Compute N maps (default: 10000) at three layers in one process; every 50th, of many runs, is stopped after
some of them, and every 77th asks for a layer that is not there. Tensors, memory and bytes of maps must be at the end as
they were after the first hundred.`;

/** The last layer, and inner ones behind a depthwise and a pointwise convolution. */
const layers = [undefined, "block5_depthwise_relu", "block11_project_conv"] as const;

/** How many maps make everything that is made once. */
const first = 100;

/** What a process holds. */
interface Held {
  readonly tensors: number;
  /** WebAssembly's memory, in MB. */
  readonly wasm: number;
  /** All of the process's, in MB. */
  readonly process: number;
}

function held(): Held {
  const { wasm } = tf.backend() as unknown as { wasm: { HEAPU8: Uint8Array } };
  return {
    tensors: tf.memory().numTensors,
    wasm: wasm.HEAPU8.length / 1e6,
    process: Math.round(Deno.memoryUsage().rss / 1e6),
  };
}

/** Why work is stopped. */
const enough = new Error("enough");

/** Begin a map of many runs, and stop it after some of them. */
async function stopInTheMiddle(model: ExplainableModel, x: tf.Tensor4D, steps: number): Promise<void> {
  const stop = new AbortController();
  let told = 0;
  await gradcam(model, x, {
    method: "scorecam",
    settings: { channels: 8 },
    signal: stop.signal,
    onProgress: () => ++told === steps && stop.abort(enough),
  });
}

if (import.meta.main) {
  const { values } = parseArgs({
    args: Deno.args,
    options: {
      maps: { type: "string", default: "10000" },
      threads: { type: "string", default: `${navigator.hardwareConcurrency}` },
      help: { type: "boolean", short: "h" },
    },
  });
  if (values.help) {
    console.log(usage);
    Deno.exit(0);
  }
  const count = Number(values.maps);
  await selectBackend({ backend: "wasm", threads: Number(values.threads) });
  const model = await loadModel(), x = photoTensor();
  const expected: Float32Array[] = [];
  for (const layer of layers) expected.push((await gradcam(model, x, { layer })).heatmap.data.slice());

  let wrong = 0, stopped = 0, refused = 0, before = held();
  const start = performance.now();
  for (let at = 1; at <= count; at++) {
    const which = at % layers.length;
    const isStopped = at % 50 === 0, isRefused = !isStopped && at % 77 === 0;
    try {
      if (isStopped) await stopInTheMiddle(model, x, at / 50 % 2 + 1);
      else {
        const layer = isRefused ? "no such layer" : layers[which];
        const { heatmap } = await gradcam(model, x, { layer });
        if (heatmap.data.some((value, index) => value !== expected[which]![index])) wrong++;
      }
    } catch (error) {
      if (error === enough) stopped++;
      else if (isRefused) refused++;
      else throw error;
    }
    if (at === first) before = held();
    if (at % 1000 === 0) console.error(`${at} of ${count}: ${JSON.stringify(held())}`);
  }
  const seconds = (performance.now() - start) / 1000;
  const after = held();
  console.log(
    `${count} maps in ${seconds.toFixed(0)} s, ${stopped} stopped, ${refused} refused, ${wrong} wrong`,
  );
  console.log(`after ${first}: ${JSON.stringify(before)}`);
  console.log(`at the end: ${JSON.stringify(after)}`);
  x.dispose();
  model.dispose();
  const isFlat = after.tensors === before.tensors && after.wasm === before.wasm;
  Deno.exit(wrong === 0 && isFlat ? 0 : 1);
}
