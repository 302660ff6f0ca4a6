/**
 * Open a model and explain one picture, in a process of its own, and print what memory that took, in bytes:
 * `memory.ts MODEL INPUT THREADS`. `runtime` is what the process took before a model was opened, with the library loaded and the
 * backend started; `peak` is the most that it ever took.
 *
 * @module
 */
import * as tf from "../../../src/base/tfjs.ts";
import { selectBackend } from "../../../backends/mod.ts";
import { gradcam } from "../../../src/explain/gradcam.ts";
import { loadModel } from "../../../src/formats/mod.ts";
import { readFloats } from "../../../src/testing/mod.ts";

/** A line of what Linux tells of this process. */
function bytesOf(field: string): number {
  const status = Deno.readTextFileSync("/proc/self/status");
  return Number(new RegExp(`^${field}:\\s+(\\d+) kB$`, "m").exec(status)![1]) * 1024;
}

const [modelPath, inputPath, threads] = Deno.args as [string, string, string];
await selectBackend({ backend: "wasm", threads: Number(threads) });
const x = tf.tensor4d(await readFloats(new URL(`file://${inputPath}`)), [1, 224, 224, 3]);
const runtime = bytesOf("VmRSS");
const model = await loadModel(modelPath);
await gradcam(model, x);
console.log(JSON.stringify({ runtime, peak: bytesOf("VmHWM") }));
Deno.exit(0); // threads would keep the process
