import * as tf from "../src/base/tfjs.ts";
import { BackendError } from "../src/base/errors.ts";

/** GPUs that are watched already. */
const watched = new WeakSet<EventTarget>();

/** The first thing that a GPU refused since it was begun anew. */
let refusal: string | undefined;

/**
 * Watch the GPU that TensorFlow.js computes on. What a GPU refuses, such as a shader that TensorFlow.js wrote wrongly,
 * is not thrown anywhere: the result is whatever was in memory before.
 */
export function watchGpu(): void {
  const { device } = tf.backend() as unknown as { readonly device?: EventTarget };
  if (!device || watched.has(device)) return;
  watched.add(device);
  device.addEventListener("uncapturederror", (event) => {
    refusal ??= (event as GPUUncapturedErrorEvent).error.message.trim().split("\n")[0]!;
  });
}

/** Begin anew: what was refused before is not the matter of what is computed next. */
export function forgetGpuRefusals(): void {
  refusal = undefined;
}

/**
 * Make sure that nothing was refused since {@linkcode forgetGpuRefusals}; to be called when a result has been read.
 *
 * @throws {BackendError} If the GPU refused something.
 */
export function throwIfGpuRefused(): void {
  if (refusal === undefined) return;
  const reason = refusal;
  refusal = undefined;
  throw new BackendError(`Cannot compute this on WebGPU: ${reason}: use another backend`);
}
