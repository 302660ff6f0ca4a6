import * as tf from "../src/base/tfjs.ts";
import type { Backend } from "./backend.ts";
import { registerKernels } from "./kernels/mod.ts";

/** Plain JavaScript: slow, and there everywhere. */
export const cpuBackend: Backend = {
  name: "cpu",
  async start() {
    await tf.setBackend("cpu");
    registerKernels("cpu");
    return await this.inspect();
  },
  async inspect() {
    return await Promise.resolve({ threads: 1, simd: false, kernels: null, adapter: null, software: false });
  },
};
