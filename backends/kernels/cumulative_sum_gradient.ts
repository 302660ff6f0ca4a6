import * as tf from "../../src/base/tfjs.ts";
import type { ExtendedGradient } from "./kernel.ts";

/**
 * The gradient of running sums is running sums from the other end. TensorFlow.js then moves the axes, which are in their
 * places already.
 */
export const cumulativeSumGradient: ExtendedGradient = {
  name: "Cumsum",
  extend: () => ({
    kernelName: "Cumsum",
    inputsToSave: ["x"],
    gradFunc(outputGradient, [x], attributes) {
      const { axis, exclusive, reverse } = attributes as {
        axis: number;
        exclusive: boolean;
        reverse: boolean;
      };
      const from = (axis + x!.rank) % x!.rank;
      return { x: () => tf.cumsum(outputGradient as tf.Tensor, from, exclusive, !reverse) };
    },
  }),
};
