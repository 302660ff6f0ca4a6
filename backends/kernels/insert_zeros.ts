import type * as tf from "@tensorflow/tfjs";

/**
 * Put zeros after each row and column, one axis at a time: WebGPU pads tensors of more than 4 axes wrongly.
 *
 * @param x Any shape that these make: `[height, width, rest]`, a batch counted into the height.
 * @param steps How far rows and columns are apart then.
 * @returns `[height · steps[0], width · steps[1], rest]`
 */
export function insertZeros(
  x: tf.Tensor,
  [height, width, rest]: readonly [number, number, number],
  [down, across]: readonly [number, number],
): tf.Tensor3D {
  return x.reshape<tf.Tensor3D>([height, 1, width * rest])
    .pad<tf.Tensor3D>([[0, 0], [0, down - 1], [0, 0]])
    .reshape<tf.Tensor3D>([height * down * width, 1, rest])
    .pad<tf.Tensor3D>([[0, 0], [0, across - 1], [0, 0]])
    .reshape<tf.Tensor3D>([height * down, width * across, rest]);
}
