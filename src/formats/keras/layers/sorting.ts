import * as tf from "../../../base/tfjs.ts";

/** How many elements of its row come before each: the larger ones, and equal ones to its left. `[rows, size]` */
function places(rows: tf.Tensor2D): tf.Tensor2D {
  const size = rows.shape[1];
  const own = rows.expandDims(2), other = rows.expandDims(1); // [rows, size, 1], [rows, 1, size]
  const numbers = tf.range(0, size);
  const isLeft = tf.less(numbers.expandDims(0), numbers.expandDims(1)).cast("float32"); // [size, size]
  const larger = tf.greater(other, own).cast("float32");
  const equal = tf.equal(other, own).cast("float32");
  return larger.add(equal.mul(isLeft)).sum(-1);
}

/**
 * The largest elements along the last axis, in order. TensorFlow.js cannot tape a sorting; a product with the matrix
 * that picks the elements it can.
 *
 * @param count How many.
 * @returns `[..., count]`
 */
export function largest(x: tf.Tensor, count: number): tf.Tensor {
  const rows = x.reshape<tf.Tensor2D>([-1, x.shape.at(-1)!]);
  const wanted = tf.range(0, count).expandDims(1); // [count, 1]
  const picks = tf.equal(places(rows).expandDims(1), wanted).cast("float32"); // [rows, count, size]
  return picks.mul(rows.expandDims(1)).sum(-1).reshape([...x.shape.slice(0, -1), count]);
}
