import * as tf from "../../src/base/tfjs.ts";
import type { Kernel } from "./kernel.ts";

/**
 * TensorFlow.js on WebGPU calls what was true or false, or a whole number, a float32 without changing it, and then finds
 * that a program which only moves elements about mixes two types. A product with 1 makes numbers of them.
 */
export const castToFloatKernel: Kernel<{ dtype: tf.DataType }> = {
  name: "Cast",
  backends: ["webgpu"],
  replaces: true,
  run({ inputs, attributes, original }) {
    const renamed = original(attributes);
    const from = inputs.x!.dtype;
    if (attributes.dtype !== "float32" || (from !== "bool" && from !== "int32")) return renamed;
    return tf.mul(tf.engine().makeTensorFromTensorInfo(renamed), 1);
  },
};
