import type { Tensor4D, TensorFlow } from "../base/tensors.ts";

/** A photo, and what stands in its place where it is hidden. */
export interface Hideable {
  /** The model's input, `[1, H, W, C]`. */
  readonly x: Tensor4D;
  /** What is seen where it is hidden, likewise. */
  readonly hidden: Tensor4D;
}

/**
 * A photo seen through masks: x·m + hidden·(1 − m).
 *
 * @param masks How much of each pixel is seen, 0 to 1: `[n, H, W, 1]`.
 * @returns `[n, H, W, C]`; owned by the caller's tidy.
 */
export function seenThrough(tf: TensorFlow, { x, hidden }: Hideable, masks: Tensor4D): Tensor4D {
  return x.mul(masks).add(hidden.mul(tf.sub(1, masks)));
}
