import * as tf from "../base/tfjs.ts";
import { discardTape } from "../../backends/tape.ts";
import type { HeadResult, SplitModel } from "../split/model.ts";

/** The gradient of a class's score, and all scores. */
export interface ScoreGradient {
  /** ∂ score / ∂ activation, `[1, h, w, k]`; the caller disposes it. */
  readonly gradient: tf.Tensor4D;
  /** The scores that the tail gave, `[1, classes]`; the caller disposes them. */
  readonly scores: tf.Tensor2D;
}

/** Which score to differentiate: that of a class, or the highest, whichever class it is of. */
export type ScorePick = number | "highest";

/** The picked score as a scalar. A slice, since the gradient of gathering is missing on WebAssembly. */
function pickScore(scores: tf.Tensor2D, pick: ScorePick): tf.Scalar {
  return pick === "highest" ? scores.max() : scores.slice([0, pick], [1, 1]).sum();
}

/**
 * Run the tail under the tape and differentiate a score with respect to the activation.
 *
 * @param split The model, cut at the layer.
 * @param head What the head gave; it stays the caller's.
 * @param pick Which score.
 * @returns Zeros for the gradient if the scores do not depend on the layer.
 */
export function differentiate(
  split: SplitModel,
  { activation, carried }: HeadResult,
  pick: ScorePick,
): ScoreGradient {
  if (!split.connected) {
    return { gradient: tf.zerosLike(activation), scores: split.tail(activation, carried) };
  }
  let scores: tf.Tensor2D | undefined;
  try {
    const gradient = tf.grad((a) => {
      const given = split.tail(a as tf.Tensor4D, carried);
      scores = tf.keep(given.clone());
      return pickScore(given, pick);
    })(activation) as tf.Tensor4D;
    return { gradient, scores: scores! };
  } catch (error) {
    scores?.dispose();
    discardTape();
    throw error;
  }
}
