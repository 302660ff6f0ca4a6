/**
 * Gradients of operations on elements: of comparisons and sorting, which TensorFlow.js has none of, so that no choice
 * by them can be taped; and of the larger and the smaller of two and their squared difference, which forget there that
 * one was spread.
 *
 * @module
 */
import * as tf from "../../src/base/tfjs.ts";
import type { ExtendedGradient } from "./kernel.ts";

/** Operations whose result does not change where their inputs change a little. */
const steps: Readonly<Record<string, readonly string[]>> = {
  Equal: ["a", "b"],
  Greater: ["a", "b"],
  Less: ["a", "b"],
  LessEqual: ["a", "b"],
  LogicalAnd: ["a", "b"],
  LogicalNot: ["x"],
  LogicalOr: ["a", "b"],
  NotEqual: ["a", "b"],
};

/** A gradient of zeros for each input. */
function zeroGradient(kernelName: string, inputs: readonly string[]): tf.GradConfig {
  return {
    kernelName,
    inputsToSave: [...inputs],
    gradFunc: (_outputGradient, saved) =>
      Object.fromEntries(
        inputs.map((name, index) => [name, () => tf.zerosLike(saved[index]!).cast("float32")]),
      ),
  };
}

/** The sum of a gradient over the axes along which its operand was spread. */
function unspread(gradient: tf.Tensor, operand: tf.Tensor): tf.Tensor {
  const axes = tf.broadcast_util.getReductionAxes(operand.shape, gradient.shape);
  return (axes.length > 0 ? gradient.sum(axes) : gradient).reshape(operand.shape);
}

/** The gradient of the larger or smaller of two goes to the one that was taken, to the first of equal ones. */
function extremeGradient(
  kernelName: string,
  isFirst: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor,
): tf.GradConfig {
  return {
    kernelName,
    inputsToSave: ["a", "b"],
    gradFunc(outputGradient, saved) {
      const [a, b] = saved as [tf.Tensor, tf.Tensor];
      const gradient = outputGradient as tf.Tensor;
      const first = () => isFirst(a, b).cast("float32");
      return {
        a: () => unspread(gradient.mul(first()), a),
        b: () => unspread(gradient.mul(tf.sub(1, first())), b),
      };
    },
  };
}

/** The gradient of (a − b)² is 2 (a − b) for a, and the opposite for b. */
function squaredDifferenceGradient(): tf.GradConfig {
  return {
    kernelName: "SquaredDifference",
    inputsToSave: ["a", "b"],
    gradFunc(outputGradient, saved) {
      const [a, b] = saved as [tf.Tensor, tf.Tensor];
      const gradient = (of: tf.Tensor, sign: number) => () =>
        unspread(a.sub(b).mul(2 * sign).mul(outputGradient as tf.Tensor), of);
      return { a: gradient(a, 1), b: gradient(b, -1) };
    },
  };
}

/** All of them. */
export const elementwiseGradients: readonly ExtendedGradient[] = [
  ...Object.entries(steps).map(([name, inputs]) => ({ name, extend: () => zeroGradient(name, inputs) })),
  { name: "Maximum", extend: () => extremeGradient("Maximum", (a, b) => tf.greaterEqual(a, b)) },
  { name: "Minimum", extend: () => extremeGradient("Minimum", (a, b) => tf.lessEqual(a, b)) },
  { name: "SquaredDifference", extend: squaredDifferenceGradient },
];
