import * as tf from "../base/tfjs.ts";
import type { KeptWeights } from "../../backends/kept_weights.ts";
import { Tape, type WayBack } from "../../backends/tape.ts";
import type { Tensor2D, Tensor4D } from "../base/tensors.ts";
import type { HeadResult, SplitModel, TapedTail } from "../split/model.ts";

/** A way from a layer's activation to the scores, and back as often as is asked for. What it gives is the caller's. */
export interface Pass {
  /** The scores, `[1, classes]`; they stay the pass's. */
  readonly scores: Tensor2D;
  /**
   * The way back.
   *
   * @param weights How much each score counts, `[1, classes]`.
   * @returns ∂(Σ weights · scores) / ∂ activation, `[1, h, w, k]`; zeros if the scores do not depend on the layer.
   */
  gradient(weights: Tensor2D): Promise<Tensor4D>;
  /** Free what was made on the way, the scores among it. */
  dispose(): void;
}

/** How a way is gone. */
export interface PassOptions extends TapedTail {
  /** Awaited after each operation, on the way to the scores and back; what it throws ends both. */
  readonly pause?: (() => Promise<void>) | undefined;
  /** Keeps what is made of weights on the way back for the next, where the model's weights do not change meanwhile. */
  readonly kept?: KeptWeights | undefined;
  /**
   * Whether batch norms may be folded into weights where the way is gone without one tape; else each operation is rounded as
   * the model's own.
   * @default {false}
   */
  readonly fast?: boolean | undefined;
  /** What else is shown its gradient on the way back. */
  readonly also?: (() => NonNullable<WayBack["also"]>) | undefined;
}

/** A pass of a layer that the scores do not depend on. */
function withoutWay(split: SplitModel, { activation, carried }: HeadResult): Pass {
  const scores = split.tail(activation, carried);
  return {
    scores,
    gradient: () => Promise.resolve(tf.zerosLike(activation)),
    dispose: () => scores.dispose(),
  };
}

/** Record the way to the scores on a tape. */
async function record(
  split: SplitModel,
  { activation, carried }: HeadResult,
  { pause = () => Promise.resolve(), also, kept: _kept, fast: _fast, ...how }: PassOptions,
): Promise<Pass> {
  const tape = new Tape();
  try {
    const steps = split.tailInSteps(activation, carried, how);
    let step = tape.record(() => steps.next());
    while (!step.done) {
      await pause();
      step = tape.record(() => steps.next());
    }
    const scores = step.value; // [1, classes]
    return {
      scores,
      gradient: async (weights) =>
        await tape.gradient(scores, activation, { weights, pause, also: also?.() }) as Tensor4D,
      dispose: () => tape.dispose(),
    };
  } catch (error) {
    tape.dispose();
    throw error;
  }
}

/**
 * Go from a layer's activation to the scores, so that it can be gone back: without a tape over all steps whose way back is
 * known, which costs nothing but the steps. It is gone under one tape where it is gone back by another rule, or where what
 * lies on it is to be seen.
 *
 * @param split The model, cut at the layer.
 * @param head What the head gave; it stays the caller's.
 */
export async function openPass(
  split: SplitModel,
  head: HeadResult,
  options: PassOptions = {},
): Promise<Pass> {
  if (!split.connected) return withoutWay(split, head);
  const { rule = "gradient", observe, kept, fast, pause = () => Promise.resolve() } = options;
  if (rule !== "gradient" || observe) return await record(split, head, options);
  const direct = split.direct?.(head.activation);
  if (direct) {
    return {
      scores: direct.scores,
      gradient: (weights) => Promise.resolve(direct.gradient(weights)),
      dispose: () => direct.dispose(),
    };
  }
  const walked = await split.walk(head.activation, head.carried, { pause, fast });
  return {
    scores: walked.scores,
    gradient: (weights) => walked.gradient(weights, { pause, kept }),
    dispose: () => walked.dispose(),
  };
}
