import type { ActivationNumbers } from "./kernels.ts";

/** The slope below 0 that TensorFlow.js takes where none is given. */
const defaultSlope = 0.2;

/** No activation. */
export const linear: ActivationNumbers = [1, -Infinity, Infinity];

/** Activations that a kernel computes in one pass, by the names that TensorFlow.js has them under. */
const known: Readonly<Record<string, (slope: number) => ActivationNumbers>> = {
  linear: () => linear,
  relu: () => [1, 0, Infinity],
  relu6: () => [1, 0, 6],
  leakyrelu: (slope) => [slope, -Infinity, Infinity],
};

/** The numbers of an activation; `undefined` where it is computed on its own. */
export function activationNumbers(name = "linear", slope = defaultSlope): ActivationNumbers | undefined {
  return known[name]?.(slope);
}
