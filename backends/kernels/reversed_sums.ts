import * as tf from "../../src/base/tfjs.ts";
import type { Kernel } from "./kernel.ts";

/** The settings of running sums. */
interface SumAttributes {
  readonly axis: number;
  readonly exclusive: boolean;
  readonly reverse: boolean;
}

/**
 * TensorFlow.js on WebGPU writes a program for sums from the end with the number of elements in it, and uses it for other
 * numbers of them too. Sums from the beginning know no number: the elements are turned.
 */
export const reversedSumsKernel: Kernel<SumAttributes> = {
  name: "Cumsum",
  backends: ["webgpu"],
  replaces: true,
  run({ inputs, attributes, original }) {
    const { axis, exclusive, reverse } = attributes;
    if (!reverse) return original(attributes);
    return tf.reverse(tf.cumsum(tf.reverse(inputs.x!, axis), axis, exclusive), axis);
  },
};
