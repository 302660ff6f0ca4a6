import * as tf from "@tensorflow/tfjs";
import type { KerasLayer } from "./keras_layer.ts";

/** A number of a configuration; Keras 2 writes some as arrays of NumPy. */
function numberOf(value: unknown, otherwise: number): number {
  if (typeof value === "number") return value;
  const inner = (value as { config?: { value?: unknown } } | null)?.config?.value;
  return typeof inner === "number" ? inner : otherwise;
}

/** ReLU with all its parameters. */
export const reluLayer: KerasLayer = {
  className: "ReLU",
  shape: (input) => input,
  call([x], settings) {
    const slope = numberOf(settings.negative_slope, 0);
    const threshold = numberOf(settings.threshold, 0);
    const max = numberOf(settings.max_value, Infinity);
    if (slope === 0 && threshold === 0) {
      if (max === 6) return tf.relu6(x!);
      return max === Infinity ? tf.relu(x!) : tf.minimum(tf.relu(x!), max);
    }
    const above = tf.where(tf.greaterEqual(x!, threshold), x!, tf.mul(tf.sub(x!, threshold), slope));
    return max === Infinity ? above : tf.minimum(above, max);
  },
};

/** LeakyReLU, whose slope Keras 2 calls alpha. */
export const leakyReluLayer: KerasLayer = {
  className: "LeakyReLU",
  shape: (input) => input,
  call: ([x], settings) => tf.leakyRelu(x!, numberOf(settings.negative_slope ?? settings.alpha, 0.3)),
};
