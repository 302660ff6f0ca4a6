import * as tf from "../base/tfjs.ts";
import type { FinalActivation, RegionWeights, TensorInfo } from "./model.ts";

/** How a model's output is read as class scores. */
export interface ScoreReading {
  /** Whether it is one unit with a sigmoid, whose opposite is a class too. */
  readonly binary: boolean;
  /** Which pixels of a spatial output count, and how much; all of them alike if left out. */
  readonly region?: RegionWeights | undefined;
}

/** Whether an output is one unit with a sigmoid. */
export function isBinary({ shape }: TensorInfo, final: FinalActivation | undefined): boolean {
  return final === "sigmoid" && shape.at(-1) === 1;
}

/** One score for each class, `[1, n]`, of whatever an output is. */
function perClass(output: tf.Tensor, region: RegionWeights | undefined): tf.Tensor2D {
  if (output.rank !== 4) {
    if (region) {
      throw new RangeError(
        `Cannot take a region of an output [${output.shape.join(", ")}]: it is no picture of scores`,
      );
    }
    if (output.rank === 3) return output.mean<tf.Tensor2D>([1]);
    return output.rank === 2 ? output.clone() as tf.Tensor2D : output.reshape([1, -1]);
  }
  const [, height, width, classes] = output.shape as [number, number, number, number];
  const pixels = output.reshape<tf.Tensor2D>([height * width, classes]);
  if (region) {
    return tf.matMul(tf.tensor2d(region(height, width), [1, height * width]), pixels) as tf.Tensor2D;
  }
  return height * width === 1 ? pixels : pixels.mean<tf.Tensor2D>([0], true);
}

/**
 * A model's output as class scores: `[1, n]` stays, spatial outputs `[1, h, w, n]` are averaged over their
 * pixels or those of a region, `[n]` gains its batch; a single unit with a sigmoid gives two scores, its own and
 * the opposite's.
 *
 * @param output The model's output for one picture, or its logits.
 * @param activated Whether the final activation is part of it.
 * @returns `[1, n]`; owned by the caller's tidy.
 * @throws {RangeError} If there is a region, but the output is no picture.
 */
export function toScores(
  output: tf.Tensor,
  { binary, region }: ScoreReading,
  activated: boolean,
): tf.Tensor2D {
  const scores = perClass(output, region);
  if (!binary) return scores;
  return tf.concat([scores, activated ? tf.sub(1, scores) : tf.neg(scores)], 1) as tf.Tensor2D;
}

/** Apply a final activation to logits, `[1, n]`. */
export function activate(logits: tf.Tensor2D, activation: FinalActivation | undefined): tf.Tensor2D {
  if (activation === "softmax") return logits.softmax();
  return activation === "sigmoid" ? logits.sigmoid() : logits.clone();
}
