import * as tf from "../../src/base/tfjs.ts";
import type { ExtendedGradient } from "./kernel.ts";

/**
 * The gradient of the largest numbers of each row goes back to where they stood; where they stand does not change. There is
 * none in TensorFlow.js.
 */
export const topValuesGradient: ExtendedGradient = {
  name: "TopK",
  extend: () => ({
    kernelName: "TopK",
    inputsToSave: ["x"],
    outputsToSave: [false, true],
    gradFunc(outputGradients, [x, indices]) {
      const [values] = outputGradients as unknown as readonly (tf.Tensor | null)[];
      return {
        x() {
          if (!values) return tf.zerosLike(x!).cast("float32");
          const places = tf.oneHot(indices!.cast("int32"), x!.shape.at(-1)!).cast("float32"); // [..., k, size]
          return places.mul(values.expandDims(-1)).sum(-2);
        },
      };
    },
  }),
};
