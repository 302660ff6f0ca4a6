import * as tf from "../src/base/tfjs.ts";
import { registerKernels } from "./kernels/mod.ts";

/**
 * Do some work whose results are read without waiting: a GPU cannot be read so, and the CPU does it there. Tensors that lie on
 * the GPU cannot be part of it.
 */
export function atOnce<Result>(work: () => Result): Result {
  const { backendName: before } = tf.engine();
  if (before !== "webgpu") return work();
  try {
    void tf.setBackend("cpu"); // which needs no time to start
    registerKernels("cpu");
    return work();
  } finally {
    void tf.setBackend(before);
  }
}
