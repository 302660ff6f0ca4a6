import type { Tensor2D, Tensor4D, TensorFlow } from "../base/tensors.ts";
import type { Rows } from "./principal/rows.ts";

/**
 * A map of which each place is a number made of that place's channels.
 *
 * @param values `[1, h, w, k]`; it stays the caller's.
 * @param find Gives a number for each row of `[h·w, k]`.
 * @returns `[h, w]`; the caller disposes it.
 */
export async function componentMap(
  tf: TensorFlow,
  values: Tensor4D,
  find: (rows: Rows) => Promise<Float32Array>,
): Promise<Tensor2D> {
  const [, height, width, columns] = values.shape;
  const data = await values.data() as Float32Array;
  return tf.tensor2d(await find({ data, rows: height * width, columns }), [height, width]);
}
