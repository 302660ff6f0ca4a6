import * as tf from "../base/tfjs.ts";
import type { FinalActivation, RegionWeights, Shape, UnitReading } from "./model.ts";

/** How a model's output is read as class scores. */
export interface ScoreReading {
  /** Whether it is one unit whose opposite is a class too. */
  readonly binary: boolean;
  /** Which pixels of a spatial output count, and how much; all of them alike if left out. */
  readonly region?: RegionWeights | undefined;
  /** The row of a list of rows that is taken, such as a detector's box; their mean if left out. */
  readonly row?: number | undefined;
  /** Whether all of its numbers are taken, whatever its shape. */
  readonly flat?: boolean | undefined;
  /**
   * How many pictures it is of.
   * @default {1}
   */
  readonly pictures?: number | undefined;
}

/** What decides how one unit is read. */
export interface UnitRequest {
  /** The output's shape, batch first; that of one number for each picture may be the batch alone. */
  readonly shape: Shape;
  /** The softmax or sigmoid that ends the model. */
  readonly final: FinalActivation | undefined;
  /** Whether no activation of any kind ends the model. */
  readonly isLinear: boolean;
  /** Whether there are names of two classes. */
  readonly twoClasses: boolean;
}

/** Whether an output is one number, or a picture or a sequence of one number each. */
function isUnit(shape: Shape): boolean {
  return shape.length < 2 ? (shape[0] ?? 1) === 1 : shape.at(-1) === 1;
}

/** How an output of one unit is read; `undefined` where it is none, or one with a softmax. */
export function readUnit({ shape, final, isLinear, twoClasses }: UnitRequest): UnitReading | undefined {
  if (!isUnit(shape) || final === "softmax") return undefined;
  if (final === "sigmoid") return "sigmoid";
  return isLinear && twoClasses ? "logit" : "regression";
}

/** Whether a unit stands for two classes, its own and the opposite. */
export function isBinary(unit: UnitReading | undefined): boolean {
  return unit === "sigmoid" || unit === "logit";
}

/** One score for each class, `[pictures, n]`, of whatever an output is. */
function perClass(output: tf.Tensor, { region, row, flat, pictures = 1 }: ScoreReading): tf.Tensor2D {
  if (flat) return output.reshape([pictures, -1]);
  if (row !== undefined) return valuesOfRow(output, row);
  if (output.rank !== 4) {
    if (region) {
      throw new RangeError(
        `Cannot take a region of an output [${output.shape.join(", ")}]: it is no picture of scores`,
      );
    }
    if (output.rank === 3) return output.mean<tf.Tensor2D>([1]);
    return output.rank === 2 ? output.clone() as tf.Tensor2D : output.reshape([pictures, -1]);
  }
  const [, height, width, classes] = output.shape as [number, number, number, number];
  if (pictures > 1) {
    return perClassOfEach(output.reshape([pictures, height * width, classes]), region?.(height, width));
  }
  const pixels = output.reshape<tf.Tensor2D>([height * width, classes]);
  if (region) {
    return tf.matMul(tf.tensor2d(region(height, width), [1, height * width]), pixels) as tf.Tensor2D;
  }
  return height * width === 1 ? pixels : pixels.mean<tf.Tensor2D>([0], true);
}

/** The values of one row of a list of rows, `[pictures, rows, values]`. */
function valuesOfRow(output: tf.Tensor, row: number): tf.Tensor2D {
  const shape = output.shape.join(", ");
  if (output.rank !== 3) {
    throw new RangeError(
      `Cannot take row ${row} of an output [${shape}]: it is no list of rows, as of boxes`,
    );
  }
  const [, rows, values] = output.shape as [number, number, number];
  if (!(Number.isInteger(row) && row >= 0 && row < rows)) {
    throw new RangeError(`Cannot take row ${row} of an output [${shape}]: it has rows 0 to ${rows - 1}`);
  }
  return output.slice([0, row, 0], [-1, 1, -1]).reshape([-1, values]);
}

/** Likewise of several pictures of scores, `[pictures, pixels, n]`. */
function perClassOfEach(pixels: tf.Tensor3D, weights: Float32Array | undefined): tf.Tensor2D {
  if (!weights) return pixels.mean<tf.Tensor2D>([1]);
  return pixels.mul(tf.tensor3d(weights, [1, weights.length, 1])).sum<tf.Tensor2D>([1]);
}

/**
 * A model's output as class scores: `[1, n]` stays, spatial outputs `[1, h, w, n]` are averaged over their
 * pixels or those of a region, `[n]` gains its batch; a single unit that stands for two classes gives two scores,
 * its own and the opposite's.
 *
 * @param output The model's output, or its logits.
 * @param activated Whether it is a probability, p, whose opposite is 1 − p; that of a logit z is −z.
 * @returns `[pictures, n]`; owned by the caller's tidy.
 * @throws {RangeError} If there is a region, but the output is no picture.
 */
export function toScores(
  output: tf.Tensor,
  reading: ScoreReading,
  activated: boolean,
): tf.Tensor2D {
  const scores = perClass(output, reading);
  if (!reading.binary) return scores;
  return tf.concat([scores, activated ? tf.sub(1, scores) : tf.neg(scores)], 1) as tf.Tensor2D;
}

/**
 * What {@linkcode toScores} makes of a unit's two scores on the way back: the opposite's gradient is the unit's own, turned.
 *
 * @param weights ∂ score / ∂ scores, `[n, 2]`.
 * @returns ∂ score / ∂ unit, `[n, 1]`; owned by the caller's tidy.
 */
export function toUnit(weights: tf.Tensor2D): tf.Tensor2D {
  const [own, opposite] = tf.split(weights, 2, 1) as [tf.Tensor2D, tf.Tensor2D]; // [n, 1] each
  return own.sub(opposite);
}

/** Apply a final activation to logits, `[1, n]`. */
export function activate(logits: tf.Tensor2D, activation: FinalActivation | undefined): tf.Tensor2D {
  if (activation === "softmax") return logits.softmax();
  return activation === "sigmoid" ? logits.sigmoid() : logits.clone();
}
