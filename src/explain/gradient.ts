import type * as tf from "../base/tfjs.ts";
import { zerosLike } from "../base/tfjs.ts";
import { Tape } from "../../backends/tape.ts";
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
 * @param pause Awaited after each operation, on the way to the scores and back; what it throws ends both.
 * @returns Zeros for the gradient if the scores do not depend on the layer.
 */
export async function differentiate(
  split: SplitModel,
  { activation, carried }: HeadResult,
  pick: ScorePick,
  pause: () => Promise<void> = () => Promise.resolve(),
): Promise<ScoreGradient> {
  if (!split.connected) return { gradient: zerosLike(activation), scores: split.tail(activation, carried) };
  const tape = new Tape();
  const kept: tf.Tensor[] = [];
  try {
    const steps = split.tailInSteps(activation, carried);
    let step = tape.record(() => steps.next());
    while (!step.done) {
      await pause();
      step = tape.record(() => steps.next());
    }
    const scores = step.value; // [1, classes]
    const score = tape.record(() => pickScore(scores, pick));
    const gradient = await tape.gradient(score, activation, pause) as tf.Tensor4D; // [1, h, w, k]
    kept.push(scores);
    return { gradient, scores };
  } finally {
    tape.dispose(kept);
  }
}
