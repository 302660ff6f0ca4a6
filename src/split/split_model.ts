import * as tf from "../base/tfjs.ts";
import { quote } from "../base/quote.ts";
import type { TokenGrid } from "../base/token_grid.ts";
import { Tape } from "../../backends/tape.ts";
import type { Walk } from "../operations/walk.ts";
import { goBack, inOneGo, runChain, type Values } from "../operations/run.ts";
import type { HeadResult, ScoreKind, SplitModel, UnitReading, WalkedPass } from "./model.ts";
import { activate, type ScoreReading, toScores, toUnit } from "./scores.ts";
import type { CutOperations, Final } from "./split_operations.ts";

/** A cut, and how its scores are read. */
export interface SplitParts {
  /** The full path of the layer. */
  readonly layer: string;
  /** How its tokens lie, where its output is tokens. */
  readonly tokens?: TokenGrid | undefined;
  /** What the user should know. */
  readonly warnings: readonly string[];
  /** The operations on both sides. */
  readonly cut: CutOperations;
  /** What ends the model. */
  readonly final: Final | undefined;
  /** What the output says where it is one unit. */
  readonly unit: UnitReading | undefined;
  /** Whether the tail leaves out the softmax or sigmoid that ends the model. */
  readonly isBare: boolean;
  /** How the output is read as scores. */
  readonly reading: ScoreReading;
  /** Whether the layer depends on the image. */
  readonly seesImage: boolean;
  /** Which value each input of the model is given, the image among them. */
  feed(x: tf.Tensor4D): Values;
}

/** Where the tail ends for what is asked for. */
interface TailEnd {
  readonly end: string;
  /** Whether the softmax or sigmoid that ends the model is left out. */
  readonly isBare: boolean;
  readonly warnings: readonly string[];
}

/** What decides where the tail ends. */
export interface EndRequest {
  readonly score: ScoreKind;
  /** The layer's path. */
  readonly layer: string;
  /** The id of the model's output. */
  readonly target: string;
  readonly final: Final | undefined;
}

/**
 * Where the tail ends: at the model's output or, for the logit, before the softmax or sigmoid that ends it.
 *
 * @param isReached Whether the layer leads to a value, or gives it.
 */
export function endOf(
  { score, layer, target, final }: EndRequest,
  isReached: (end: string) => boolean,
): TailEnd {
  const output = { end: target, isBare: false };
  if (score === "output") return { ...output, warnings: [] };
  if (!final) {
    const warning = "The model ends in no softmax or sigmoid: its output is taken as the logit";
    return { ...output, warnings: [warning] };
  }
  const isBehind = !isReached(final.logits) && isReached(target);
  if (!isBehind) return { end: final.logits, isBare: true, warnings: [] };
  const warning = `No logit lies behind layer ${quote(layer)}, only the output itself: it is differentiated`;
  return { ...output, warnings: [warning] };
}

function asHeadResult([activation, ...carried]: tf.Tensor[]): HeadResult {
  return { activation: activation as tf.Tensor4D, carried };
}

/** What skips past a cut, once for each of several pictures; the caller disposes it. */
function repeat(value: tf.Tensor, pictures: number): tf.Tensor {
  if (pictures === 1 || value.shape[0] !== 1) return value.clone();
  // WebAssembly's kernel for tiling takes fifty times as long as its product.
  return tf.tidy(() => value.mul(tf.ones([pictures, ...value.shape.slice(1).map(() => 1)], value.dtype)));
}

/** The model that a cut and a way to read its scores make. */
export function makeSplit(parts: SplitParts): SplitModel {
  const { layer, tokens, warnings, cut, final, unit, isBare, reading, seesImage, feed } = parts;
  const { binary, region, row } = reading;
  const isProbability = unit === "sigmoid" && !isBare;
  return {
    layer,
    tokens,
    warnings,
    connected: cut.connected,
    seesImage,
    finalActivation: final?.activation,
    unit,
    binary,
    head: (x) => asHeadResult(cut.head.run(feed(x))),
    headInTurns: async (x, pause) => asHeadResult(await cut.head.runInTurns(feed(x), pause)),
    tail(activation, carried) {
      return tf.tidy(() => inOneGo(this.tailInSteps(activation, carried)));
    },
    *tailInSteps(activation, carried, how) {
      const output = yield* cut.tail([activation, ...carried], how);
      return toScores(output, reading, isProbability);
    },
    async walk(activation, carried, how) {
      const way = await cut.walk([activation, ...carried], how);
      return walkedPass(way, (output) => toScores(output, reading, isProbability));
    },
    async rerun(activations, carried, pause) {
      const pictures = activations.shape[0];
      const repeated = carried.map((value) => repeat(value, pictures));
      try {
        const values = new Map([activations, ...repeated].map((value, at) => [cut.passed[at]!, value]));
        const [output] = await cut.rerun.runInTurns(values, pause);
        const scores = tf.tidy(() => toScores(output!, { ...reading, pictures }, isProbability));
        output!.dispose();
        return scores;
      } finally {
        tf.dispose(repeated);
      }
    },
    finish: (scores) => tf.tidy(() => activate(scores, isBare ? final?.activation : undefined)),
    ...(cut.chain && !region && row === undefined && { direct: directWay(cut.chain, binary, isProbability) }),
  };
}

/**
 * From what a walk led to on to the scores, on a tape, and all the way back.
 *
 * @param way It becomes the pass's.
 */
function walkedPass(way: Walk, read: (output: tf.Tensor) => tf.Tensor2D): WalkedPass {
  const tape = new Tape();
  const dispose = () => {
    tape.dispose();
    way.dispose();
  };
  try {
    const scores = tape.record(() => read(way.end)); // [1, classes]
    return {
      scores,
      async gradient(weights, how) {
        const inner = await tape.gradient(scores, way.end, { weights, pause: how.pause });
        try {
          return await way.goBack(inner, how) as tf.Tensor4D;
        } finally {
          inner.dispose();
        }
      },
      dispose,
    };
  } catch (error) {
    dispose();
    throw error;
  }
}

/**
 * From the layer to the scores and back without a tape.
 *
 * @param binary Whether the chain gives one unit that stands for two classes.
 * @param isProbability Whether it gives a probability.
 */
function directWay(
  chain: NonNullable<CutOperations["chain"]>,
  binary: boolean,
  isProbability: boolean,
): NonNullable<SplitModel["direct"]> {
  return (activation) => {
    const values = runChain(chain, activation);
    const output = values.at(-1)!;
    // A picture that was taken apart into several, row by row, cannot be gone back from several scores at once.
    if (output.rank !== 2 || values.some(({ shape }) => shape[0] !== activation.shape[0])) {
      tf.dispose(values.slice(1));
      return undefined;
    }
    const scores = tf.tidy(() => toScores(output, { binary }, isProbability));
    return {
      scores,
      gradient: (weights) =>
        tf.tidy(() => goBack(chain, values, binary ? toUnit(weights) : weights)) as tf.Tensor4D,
      dispose: () => tf.dispose([scores, ...values.slice(1)]),
    };
  };
}
