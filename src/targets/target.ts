import type { Tensor1D, Tensor2D } from "../base/tensors.ts";

/** What is explained: a number made of a model's scores. */
export interface Target {
  /** The class whose name and score stand for it. */
  readonly classIndex: number;
  /** In words, such as `"cat rather than dog"`, where it is more than that class's score. */
  readonly title?: string | undefined;
  /**
   * The number for each picture, so that a tape can follow it.
   *
   * @param scores `[n, classes]`
   * @returns `[n]`; owned by the caller's tidy.
   */
  value(scores: Tensor2D): Tensor1D;
}
