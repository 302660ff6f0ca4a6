import { gradientOf } from "../../backends/tape.ts";
import type { Tensor, Tensor2D } from "../base/tensors.ts";
import type { Target } from "./target.ts";

/**
 * How much each score counts for a target: ∂ value / ∂ scores.
 *
 * @param scores `[1, classes]`
 * @returns `[1, classes]`; the caller disposes it.
 * @throws What the target throws.
 */
export function weightsOf({ value }: Target, scores: Tensor2D): Tensor2D {
  return gradientOf((all: Tensor) => value(all as Tensor2D).sum(), scores) as Tensor2D;
}
