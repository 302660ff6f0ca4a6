import * as tf from "@tensorflow/tfjs";
import { throwIfGpuRefused } from "../backends/gpu_errors.ts";
import { topScores } from "./classes.ts";
import { differentiate, type ScorePick } from "./gradient.ts";
import type { Heatmap } from "./heatmap.ts";
import type { CamMethod } from "./methods/mod.ts";
import type { DirectPass, HeadResult, SplitModel } from "./split/mod.ts";

/** The raw map of a class, and what is known from its pass. */
export interface RawMap {
  readonly classIndex: number;
  /** The map before it is scaled. */
  readonly raw: Heatmap;
  /** Whether the gradient is zero everywhere. */
  readonly gradientVanishes: boolean;
}

/** The raw maps of several classes. */
export interface RawMaps {
  readonly maps: readonly RawMap[];
  /** The model's own output for all classes. */
  readonly scores: Float32Array;
}

/** Which classes: those named, or as many as wished with the highest scores. */
export interface Wanted {
  readonly classes: readonly number[];
  readonly top: number;
}

/** Classes whose gradients are computed at once: as many as a few megabytes hold. */
const batchSize = 16;

/** The map of one class, of the activation and the gradient of its score. */
async function mapOf(
  activation: tf.Tensor4D,
  gradient: tf.Tensor4D,
  method: CamMethod,
): Promise<Omit<RawMap, "classIndex">> {
  const map = tf.tidy(() => method.map(activation, gradient)); // [h, w]
  try {
    const [height, width] = map.shape;
    const data = await map.data() as Float32Array;
    throwIfGpuRefused();
    const gradientVanishes = data.every((value) => value === 0) &&
      (await gradient.data()).every((value) => value === 0);
    return { raw: { data, height, width }, gradientVanishes };
  } finally {
    map.dispose();
  }
}

/** The model's own output for a tail's scores. */
async function outputOf(split: SplitModel, scores: tf.Tensor2D): Promise<Float32Array> {
  const output = split.finish(scores); // [1, classes]
  try {
    return await output.data() as Float32Array;
  } finally {
    output.dispose();
  }
}

/** The classes to explain, in order. */
function choose({ classes, top }: Wanted, scores: Float32Array): number[] {
  if (classes.length > 0) return [...classes];
  return topScores(scores, top, undefined).map(({ classIndex }) => classIndex);
}

/** ∂ score / ∂ scores of each class, `[n, classes]`: 1 in its place. */
function onesAt(classes: readonly number[], count: number): tf.Tensor2D {
  const weights = new Float32Array(classes.length * count);
  classes.forEach((classIndex, row) => weights[row * count + classIndex] = 1);
  return tf.tensor2d(weights, [classes.length, count]);
}

/** Without a tape: one way to the scores for all classes, and one back for each batch of them. */
async function mapDirectly(
  split: SplitModel,
  { activation }: HeadResult,
  pass: DirectPass,
  method: CamMethod,
  wanted: Wanted,
): Promise<RawMaps> {
  const scores = await outputOf(split, pass.scores);
  const classes = choose(wanted, scores);
  const maps: RawMap[] = [];
  for (let from = 0; from < classes.length; from += batchSize) {
    const batch = classes.slice(from, from + batchSize);
    const gradients = tf.tidy(() => {
      const together = pass.gradient(onesAt(batch, scores.length)); // [n, h, w, k]
      return batch.length === 1 ? [together] : tf.split(together, batch.length); // n × [1, h, w, k]
    });
    try {
      for (const [at, gradient] of gradients.entries()) {
        maps.push({ classIndex: batch[at]!, ...await mapOf(activation, gradient as tf.Tensor4D, method) });
      }
    } finally {
      tf.dispose(gradients);
    }
  }
  return { maps, scores };
}

/** Under the tape: to the scores and back for each class. */
async function mapByTape(
  split: SplitModel,
  head: HeadResult,
  method: CamMethod,
  wanted: Wanted,
): Promise<RawMaps> {
  async function pass(pick: ScorePick) {
    const { gradient, scores } = differentiate(split, head, pick); // [1, h, w, k], [1, classes]
    try {
      return { map: await mapOf(head.activation, gradient, method), scores: await outputOf(split, scores) };
    } finally {
      tf.dispose([gradient, scores]);
    }
  }
  const first = await pass(wanted.classes[0] ?? "highest");
  const classes = choose(wanted, first.scores);
  const [best, second] = topScores(first.scores, 2, undefined);
  // Of equal scores the gradient of the highest would be shared among all.
  const isTie = wanted.classes.length === 0 && best?.score === second?.score;
  const maps: RawMap[] = [];
  for (const [at, classIndex] of classes.entries()) {
    const map = at === 0 && !isTie ? first.map : (await pass(classIndex)).map;
    maps.push({ classIndex, ...map });
  }
  return { maps, scores: first.scores };
}

/**
 * The raw maps of classes.
 *
 * @param split The model, cut at the layer.
 * @param head What the head gave; it stays the caller's.
 * @param method The CAM method.
 * @param wanted Which classes.
 */
export async function mapClasses(
  split: SplitModel,
  head: HeadResult,
  method: CamMethod,
  wanted: Wanted,
): Promise<RawMaps> {
  const pass = split.connected ? split.direct?.(head.activation) : undefined;
  if (!pass) return await mapByTape(split, head, method, wanted);
  try {
    return await mapDirectly(split, head, pass, method, wanted);
  } finally {
    pass.dispose();
  }
}
