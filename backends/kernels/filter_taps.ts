import * as tf from "../../src/base/tfjs.ts";
import type { Taps } from "./phases.ts";

/**
 * Pick taps of a filter, in the order given.
 *
 * @param filter `[height, width, m, n]`
 * @param phase The taps.
 * @returns `[size[0], size[1], m, n]`
 */
export function pickTaps(filter: tf.Tensor4D, { taps, size }: Taps): tf.Tensor4D {
  const [height, width, m, n] = filter.shape;
  if (height * width === 1 && taps[0] === 0) return filter;
  const rows = filter.reshape<tf.Tensor2D>([height * width, m * n]);
  const zero = () => tf.zeros<tf.Rank.R2>([1, m * n]);
  // Slices and a concatenation, since reversing and gathering go element by element on WebAssembly.
  const picked = taps.map((tap) => tap === null ? zero() : rows.slice([tap, 0], [1, m * n]));
  return tf.concat(picked, 0).reshape([...size, m, n]); // [taps, m * n] before
}
