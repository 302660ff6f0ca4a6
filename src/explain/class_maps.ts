import * as tf from "../base/tfjs.ts";
import { throwIfGpuRefused } from "../../backends/gpu_errors.ts";
import { checkClasses, topScores } from "./classes.ts";
import { differentiate, type ScorePick } from "./gradient.ts";
import type { ExplainRequest } from "./request.ts";
import type { Heatmap } from "../base/heatmap.ts";
import type { Turns } from "../base/turns.ts";
import type { CamMethod } from "../methods/mod.ts";
import type { DirectPass, HeadResult, SplitModel } from "../split/model.ts";

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

/** As much of a request as its maps depend on. */
export type MapRequest = Pick<ExplainRequest, "split" | "method" | "classes" | "classCount" | "top">;

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
function choose({ classes, top }: MapRequest, scores: Float32Array): readonly number[] {
  checkClasses(classes, scores.length);
  return classes.length > 0 ? classes : topScores(scores, top, undefined).map(({ classIndex }) => classIndex);
}

/** ∂ score / ∂ scores of each class, `[n, classes]`: 1 in its place. */
function onesAt(classes: readonly number[], count: number): tf.Tensor2D {
  const weights = new Float32Array(classes.length * count);
  classes.forEach((classIndex, row) => weights[row * count + classIndex] = 1);
  return tf.tensor2d(weights, [classes.length, count]);
}

/** Without a tape: one way to the scores for all classes, and one back for each batch of them. */
async function mapDirectly(
  request: MapRequest,
  { activation }: HeadResult,
  pass: DirectPass,
  turns: Turns,
): Promise<RawMaps> {
  const { split, method } = request;
  const scores = await outputOf(split, pass.scores);
  const classes = choose(request, scores);
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
        await turns.next();
      }
    } finally {
      tf.dispose(gradients);
    }
  }
  return { maps, scores };
}

/** Classes are looked for in the scores before one of them is differentiated, where nothing else tells their number. */
function checkByRunning({ split, classes, classCount }: MapRequest, head: HeadResult): void {
  if (classes.length === 0 || classCount !== undefined) return;
  checkClasses(classes, tf.tidy(() => split.tail(head.activation, head.carried).shape[1]));
}

/** Under the tape: to the scores and back for each class. */
async function mapByTape(request: MapRequest, head: HeadResult, turns: Turns): Promise<RawMaps> {
  const { split, method, classes: wanted } = request;
  async function pass(pick: ScorePick) {
    const { gradient, scores } = await differentiate(split, head, pick, () => turns.next()); // [1, h, w, k], [1, classes]
    try {
      return { map: await mapOf(head.activation, gradient, method), scores: await outputOf(split, scores) };
    } finally {
      tf.dispose([gradient, scores]);
    }
  }
  checkByRunning(request, head);
  const first = await pass(wanted[0] ?? "highest");
  const classes = choose(request, first.scores);
  const [best, second] = topScores(first.scores, 2, undefined);
  // Of equal scores the gradient of the highest would be shared among all.
  const isTie = wanted.length === 0 && best?.score === second?.score;
  const maps: RawMap[] = [];
  for (const [at, classIndex] of classes.entries()) {
    await turns.next();
    const map = at === 0 && !isTie ? first.map : (await pass(classIndex)).map;
    maps.push({ classIndex, ...map });
  }
  return { maps, scores: first.scores };
}

/**
 * The raw maps of classes.
 *
 * @param request What is asked for.
 * @param head What the head gave; it stays the caller's.
 * @param turns Given between classes.
 * @throws {RangeError} If there is no such class.
 * @throws The signal's reason, when it is given.
 */
export async function mapClasses(request: MapRequest, head: HeadResult, turns: Turns): Promise<RawMaps> {
  const { split } = request;
  const pass = split.connected ? split.direct?.(head.activation) : undefined;
  if (!pass) return await mapByTape(request, head, turns);
  try {
    return await mapDirectly(request, head, pass, turns);
  } finally {
    pass.dispose();
  }
}
