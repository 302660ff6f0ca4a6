import * as tf from "../../src/base/tfjs.ts";
import type { Kernel } from "./kernel.ts";

/**
 * The product of a matrix with the transpose of another, by products of matrices as they are.
 *
 * @param a `[rows, shared]`
 * @param b `[columns, shared]`
 * @returns a · bᵀ, `[rows, columns]`
 */
export function timesTransposed(a: tf.Tensor2D, b: tf.Tensor2D): tf.Tensor2D {
  const [rows, shared] = a.shape;
  const [columns] = b.shape;
  // A large b, such as the weights of a dense layer, costs more to transpose than a and the result together.
  if (rows * (shared + columns) < shared * columns) return tf.matMul(b, a.transpose()).transpose();
  return tf.matMul(a, b.transpose());
}

/**
 * TensorFlow.js has products with transposed matrices on WebAssembly, but as loops without vectors or threads.
 * They are what the gradient of every dense layer consists of.
 */
export const transposedProductKernel: Kernel<{ transposeA: boolean; transposeB: boolean }> = {
  name: "BatchMatMul",
  backends: ["wasm"],
  replaces: true,
  run({ inputs, attributes, original }) {
    const { transposeA, transposeB } = attributes;
    const a = inputs.a!, b = inputs.b!;
    if (!(transposeA || transposeB) || !isMatrix(a) || !isMatrix(b)) return original(attributes);
    const left = transposeA ? matrix(a).transpose<tf.Tensor2D>() : matrix(a);
    const product = transposeB ? timesTransposed(left, matrix(b)) : tf.matMul(left, matrix(b));
    return product.reshape([...new Array(Math.max(a.rank, b.rank) - 2).fill(1), ...product.shape]);
  },
};

/** Whether a tensor holds one matrix, not a batch of them. */
function isMatrix(tensor: tf.Tensor): boolean {
  return tensor.dtype === "float32" && tensor.shape.slice(0, -2).every((size) => size === 1);
}

function matrix(tensor: tf.Tensor): tf.Tensor2D {
  return tensor.reshape(tensor.shape.slice(-2) as [number, number]);
}
