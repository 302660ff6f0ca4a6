import * as tf from "../../src/base/tfjs.ts";
import type { ExtendedGradient } from "./kernel.ts";

/**
 * The gradients of the largest and the smallest value along some axes. Where several are equal, such as pixels that a
 * relu cut off, TensorFlow divides the gradient among them; TensorFlow.js gives all of it to each.
 */
export const extremeGradients: readonly ExtendedGradient[] = ["Max", "Min"].map((name) => ({
  name,
  extend: shared,
}));

function shared(ordinary: tf.GradConfig): tf.GradConfig {
  return {
    ...ordinary,
    gradFunc(outputGradient, [x, extreme], attributes) {
      const { reductionIndices, axis } = attributes as unknown as Record<string, number | number[] | null>;
      const axes = tf.util.parseAxisParam(
        reductionIndices ?? axis ?? x!.shape.map((_, axis) => axis),
        x!.shape,
      );
      const kept = x!.shape.map((size, axis) => axes.includes(axis) ? 1 : size);
      return {
        x: () => {
          const holders = x!.equal(extreme!.reshape(kept)).cast("float32");
          const share = (outputGradient as tf.Tensor).reshape(kept).div(holders.sum(axes, true));
          return holders.mul(share);
        },
      };
    },
  };
}
