import * as tf from "../../src/base/tfjs.ts";
import type { Kernel } from "./kernel.ts";

/** More axes than TensorFlow.js chooses elements along on WebGPU. */
const mostAxes = 4;

/** A choice between two tensors, element by element: of many axes it is made as of one. */
export const selectKernel: Kernel<tf.NamedAttrMap> = {
  name: "Select",
  backends: ["webgpu"],
  replaces: true,
  run({ inputs, attributes, original }) {
    const condition = inputs.condition!, taken = inputs.t!, other = inputs.e!;
    if (taken.rank <= mostAxes) return original(attributes);
    return tf.where(condition.flatten(), taken.flatten(), other.flatten()).reshape(taken.shape);
  },
};
