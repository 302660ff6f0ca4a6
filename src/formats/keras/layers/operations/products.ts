import * as tf from "../../../../base/tfjs.ts";
import { einsum } from "../../../../../backends/kernels/einsum.ts";
import { withoutEllipsis } from "../einsum_dense.ts";
import { operation, type Operations } from "./operation.ts";
import { type Operand, toAxes, toTensor } from "./values.ts";

/** The product of the last two axes, the others spread to each other. */
function matrixProduct(a: Operand, b: Operand, transposeA = false, transposeB = false): tf.Tensor {
  const x = toTensor(a), y = toTensor(b);
  if (x.rank === 1 || y.rank === 1) return tf.dot(x, y);
  if (x.rank > 2 && y.rank === 2 && !transposeA) {
    const matrix = transposeB ? y.transpose() : y;
    const product = x.reshape([-1, x.shape.at(-1)!]).matMul(matrix);
    return product.reshape([...x.shape.slice(0, -1), matrix.shape.at(-1)!]);
  }
  return tf.matMul(x, y, transposeA, transposeB);
}

/** Sums of products along axes of both. */
function tensorProduct(a: Operand, b: Operand, axes: number | readonly unknown[] = 2): tf.Tensor {
  const x = toTensor(a), y = toTensor(b);
  const given: [number[], number[]] = typeof axes === "number"
    ? [
      Array.from({ length: axes }, (_, index) => x.rank - axes + index),
      Array.from({ length: axes }, (_, index) => index),
    ]
    : [[axes[0]].flat() as number[], [axes[1]].flat() as number[]];
  const summedX = toAxes(given[0], x.rank), summedY = toAxes(given[1], y.rank);
  const restX = toAxes(undefined, x.rank).filter((axis) => !summedX.includes(axis));
  const restY = toAxes(undefined, y.rank).filter((axis) => !summedY.includes(axis));
  const size = summedX.reduce((product, axis) => product * x.shape[axis]!, 1);
  const product = x.transpose([...restX, ...summedX]).reshape([-1, size])
    .matMul(y.transpose([...summedY, ...restY]).reshape([size, -1]));
  return product.reshape([...restX.map((axis) => x.shape[axis]!), ...restY.map((axis) => y.shape[axis]!)]);
}

/** Along the last axis of the first and the last but one of the second. */
function dot(a: Operand, b: Operand): tf.Tensor {
  const x = toTensor(a), y = toTensor(b);
  if (x.rank === 0 || y.rank === 0) return tf.mul(x, y);
  return tensorProduct(x, y, [[-1], [Math.max(y.rank - 2, 0)]]);
}

function outer(a: Operand, b: Operand): tf.Tensor {
  return toTensor(a).reshape([-1, 1]).mul(toTensor(b).reshape([1, -1]));
}

function sumProducts(equation: string, operands: readonly Operand[]): tf.Tensor {
  const tensors = operands.map(toTensor);
  return einsum(tensors, withoutEllipsis(equation, tensors.map(({ rank }) => rank)));
}

/** Products of matrices. */
export const products: Operations = {
  dot: operation("x1|x, x2|y", dot),
  einsum: operation(
    "a, b, subscripts|equation",
    (a: Operand, b: Operand | undefined, equation: string) =>
      sumProducts(equation, b === undefined ? [a] : [a, b]),
  ),
  matmul: operation("x1|a, x2|b, transpose_a, transpose_b", matrixProduct),
  outer: operation("x1, x2", outer),
  tensordot: operation("x1|a, x2|b, axes", tensorProduct),
};
