import * as tf from "../../../base/tfjs.ts";
import { exponentialLinear } from "./activations.ts";
import type { KerasLayer } from "./keras_layer.ts";

/** A number of a configuration; Keras 2 writes some as arrays of NumPy. */
function numberOf(value: unknown, otherwise: number): number {
  if (typeof value === "number") return value;
  const inner = (value as { config?: { value?: unknown } } | null)?.config?.value;
  return typeof inner === "number" ? inner : otherwise;
}

/** Parameters of {@linkcode rectify}. */
export interface Rectifier {
  /** What is multiplied to x below the threshold. */
  readonly slope?: number;
  readonly threshold?: number;
  readonly max?: number;
}

/** x from a threshold on, below it a line of some slope that reaches 0 there; nothing above a maximum. */
export function rectify(x: tf.Tensor, { slope = 0, threshold = 0, max = Infinity }: Rectifier): tf.Tensor {
  const bounded = (y: tf.Tensor) => max === Infinity ? y : tf.minimum(y, max);
  if (slope === 0 && threshold === 0) return max === 6 ? tf.relu6(x) : bounded(tf.relu(x));
  const above = tf.greaterEqual(x, threshold).cast("float32");
  const below = tf.sub(1, above);
  return bounded(x.mul(above).add(x.sub(threshold).mul(slope).mul(below)));
}

/** ReLU with all its parameters. */
export const reluLayer: KerasLayer = {
  className: "ReLU",
  shape: (input) => input,
  call: ([x], settings) =>
    rectify(x!, {
      slope: numberOf(settings.negative_slope, 0),
      threshold: numberOf(settings.threshold, 0),
      max: numberOf(settings.max_value, Infinity),
    }),
};

/** LeakyReLU, whose slope Keras 2 calls alpha. */
export const leakyReluLayer: KerasLayer = {
  className: "LeakyReLU",
  shape: (input) => input,
  call: ([x], settings) => tf.leakyRelu(x!, numberOf(settings.negative_slope ?? settings.alpha, 0.3)),
};

/** ELU with any α. */
export const eluLayer: KerasLayer = {
  className: "ELU",
  shape: (input) => input,
  call: ([x], settings) => exponentialLinear(x!, numberOf(settings.alpha, 1)),
};

/** Keras 2's ThresholdedReLU: x above a threshold, else 0. */
export const thresholdedReluLayer: KerasLayer = {
  className: "ThresholdedReLU",
  shape: (input) => input,
  call: ([x], settings) => x!.mul(tf.greater(x!, numberOf(settings.theta, 1)).cast("float32")),
};

/** PReLU, whose slopes are shared along some axes. */
export const preluLayer: KerasLayer = {
  className: "PReLU",
  weights({ shared_axes: shared }, input) {
    const axes = ((shared ?? []) as number[]).map((axis) => (axis + input.length) % input.length);
    const shape = input.slice(1).map((size, index) => axes.includes(index + 1) ? 1 : size!);
    return [{ name: "alpha", shape }];
  },
  shape: (input) => input,
  call: ([x], _settings, [alpha]) => tf.relu(x!).sub(alpha!.mul(tf.relu(x!.neg()))),
};
