import * as tf from "@tensorflow/tfjs";
import { goBack, runChain, type Values } from "../operations/run.ts";
import type { HeadResult, RegionWeights, ScoreKind, SplitModel } from "./mod.ts";
import { activate, toScores } from "./scores.ts";
import type { CutOperations, Final } from "./split_operations.ts";

/** A cut, and how its scores are read. */
export interface SplitParts {
  /** The full path of the layer. */
  readonly layer: string;
  /** What the user should know. */
  readonly warnings: readonly string[];
  /** The operations on both sides. */
  readonly cut: CutOperations;
  /** What ends the model. */
  readonly final: Final | undefined;
  /** Whether the output is one unit with a sigmoid. */
  readonly binary: boolean;
  /** Which score is asked for. */
  readonly score: ScoreKind;
  /** Which pixels of a spatial output count. */
  readonly region: RegionWeights | undefined;
  /** Which value each input of the model is given, the image among them. */
  feed(x: tf.Tensor4D): Values;
}

/** What is asked for, and where the tail ends for it: before the softmax or sigmoid for the logit. */
export function endOf(
  score: ScoreKind,
  target: string,
  final: Final | undefined,
): { readonly end: string; readonly warnings: readonly string[] } {
  if (score === "output") return { end: target, warnings: [] };
  if (final) return { end: final.logits, warnings: [] };
  return {
    end: target,
    warnings: ["The model ends in no softmax or sigmoid: its output is taken as the logit"],
  };
}

/** The model that a cut and a way to read its scores make. */
export function makeSplit(parts: SplitParts): SplitModel {
  const { layer, warnings, cut, final, binary, score, region, feed } = parts;
  const isBare = score === "logit" && final !== undefined;
  return {
    layer,
    warnings,
    connected: cut.connected,
    finalActivation: final?.activation,
    binary,
    head(x): HeadResult {
      const [activation, ...carried] = cut.head(feed(x));
      return { activation: activation as tf.Tensor4D, carried };
    },
    tail: (activation, carried) =>
      tf.tidy(() => toScores(cut.tail([activation, ...carried]), { binary, region }, !isBare)),
    finish: (scores) => tf.tidy(() => activate(scores, isBare ? final.activation : undefined)),
    ...(cut.chain && !binary && !region && { direct: directWay(cut.chain) }),
  };
}

/** From the layer to the scores and back without a tape. */
function directWay(chain: NonNullable<CutOperations["chain"]>): NonNullable<SplitModel["direct"]> {
  return (activation) => {
    const values = runChain(chain, activation);
    const scores = values.at(-1)!;
    const dispose = () => tf.dispose(values.slice(1));
    if (scores.rank !== 2) {
      dispose();
      return undefined;
    }
    return {
      scores: scores as tf.Tensor2D,
      gradient: (weights) => goBack(chain, values, weights) as tf.Tensor4D,
      dispose,
    };
  };
}
