import * as tf from "@tensorflow/tfjs";

/**
 * The largest elements along the last axis, in order. TensorFlow.js cannot tape a sorting; a product with the matrix
 * that picks the elements it can.
 *
 * @param count How many.
 * @returns `[..., count]`
 */
export function largest(x: tf.Tensor, count: number): tf.Tensor {
  const size = x.shape.at(-1)!;
  const { indices } = tf.topk(x, count);
  const picks = tf.oneHot(indices.reshape([-1]), size).cast("float32"); // [rows · count, size]
  const chosen = picks.reshape([-1, count, size]).mul(x.reshape([-1, 1, size])).sum(-1); // [rows, count]
  return chosen.reshape([...x.shape.slice(0, -1), count]);
}
