import * as tf from "../base/tfjs.ts";
import type { Tensor, Tensor2D } from "../base/tensors.ts";
import type { Target } from "./target.ts";

/**
 * How much each score counts for a target: ∂ value / ∂ scores.
 *
 * @param scores `[1, classes]`
 * @returns `[1, classes]`; the caller disposes it.
 */
export function weightsOf({ value }: Target, scores: Tensor2D): Tensor2D {
  const sum = (all: Tensor) => value(all as Tensor2D).sum();
  return tf.tidy(() => tf.grad(sum)(scores) as Tensor2D);
}
