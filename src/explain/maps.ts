import * as tf from "../base/tfjs.ts";
import { throwIfGpuRefused } from "../../backends/gpu_errors.ts";
import type { Heatmap } from "../base/heatmap.ts";
import type { MethodCost, MethodResult } from "../methods/method.ts";
import type { CamMethod } from "../methods/mod.ts";
import type { MethodSettings } from "../methods/settings.ts";
import type { SplitModel } from "../split/model.ts";
import { classTarget } from "../targets/class.ts";
import type { Target } from "../targets/target.ts";
import { checkClasses, topScores } from "./classes.ts";
import type { Question } from "./question.ts";
import { type Progress, totalOf } from "./progress.ts";
import type { ExplainRequest } from "./request.ts";
import type { Subject } from "./subject.ts";

/** The raw map of a target by a method, and what is known of it. */
export interface RawMap {
  readonly target: Target;
  readonly method: CamMethod;
  /** The map before it is scaled. */
  readonly raw: Heatmap;
  /** Whether a gradient was taken and is zero everywhere. */
  readonly gradientVanishes: boolean;
  /** How long it took beyond what others had computed, in milliseconds. */
  readonly ms: number;
  /** Numbers that tell how good it is. */
  readonly details: Readonly<Record<string, number>> | undefined;
  readonly warnings: readonly string[];
}

/** The raw maps of all targets by all methods. */
export interface RawMaps {
  /** Target by target. */
  readonly maps: readonly RawMap[];
  /** The model's own output for all classes. */
  readonly scores: Float32Array;
}

/** As much of a request as its maps depend on. */
export type MapRequest = Pick<ExplainRequest, "split" | "methods" | "classes" | "top" | "settings">;

/** Who is told of the work, and asked for turns. */
export interface MapWork {
  /** Told what is expected and what is done. */
  readonly progress: Progress;
  /** Awaited between maps. */
  pause(): Promise<void>;
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

/** What to explain: the classes asked for, or those with the highest scores. */
function chooseTargets({ classes, top }: MapRequest, scores: Float32Array): readonly Target[] {
  checkClasses(classes, scores.length);
  const chosen = classes.length > 0
    ? classes
    : topScores(scores, top, undefined).map(({ classIndex }) => classIndex);
  return chosen.map(classTarget);
}

/** The raw map of what a method found: the sum of the channels' parts. */
async function readMap({ map }: MethodResult): Promise<Heatmap> {
  const sum = tf.tidy(() => map.rank === 3 ? map.sum<tf.Tensor2D>(-1) : map.clone() as tf.Tensor2D); // [h, w]
  map.dispose();
  try {
    const [height, width] = sum.shape;
    const data = await sum.data() as Float32Array;
    throwIfGpuRefused();
    return { data, height, width };
  } finally {
    sum.dispose();
  }
}

/** The map of a target by a method. */
async function mapBy(
  method: CamMethod,
  question: Question,
  settings: MethodSettings,
): Promise<Omit<RawMap, "target">> {
  const start = performance.now();
  const result = await method.map(question.probe(method.name, settings));
  const raw = await readMap(result);
  const isZero = raw.data.every((value) => value === 0);
  return {
    method,
    raw,
    gradientVanishes: isZero && await question.gradientVanishes(),
    ms: performance.now() - start,
    details: result.details,
    warnings: result.warnings ?? [],
  };
}

/** A method, what it is told, and what it will compute. */
interface PlannedMethod {
  readonly method: CamMethod;
  readonly settings: MethodSettings;
  readonly cost: MethodCost;
}

function planMethod(method: CamMethod, told: MethodSettings, subject: Subject): PlannedMethod {
  const settings = { ...method.settings, ...told };
  const { layer, picture } = subject.shapes;
  const scope = {
    layer,
    picture,
    settings,
    get stages() { // found out for those that ask alone
      return subject.stages;
    },
  };
  return { method, settings, cost: method.cost(scope) };
}

/**
 * The raw maps of classes, by methods.
 *
 * @param request What is asked for.
 * @param subject The photo and the model; it stays the caller's.
 * @throws {RangeError} If there is no such class.
 * @throws The signal's reason, when it is given.
 */
export async function mapTargets(
  request: MapRequest,
  subject: Subject,
  { progress, pause }: MapWork,
): Promise<RawMaps> {
  const { split } = request;
  const methods = request.methods.map((method) => planMethod(method, request.settings, subject));
  const willGoBack = methods.some(({ cost }) => (cost.layerGradients ?? 0) > 0);
  const scores = await outputOf(split, await subject.scores(willGoBack));
  const targets = chooseTargets(request, scores);
  for (const { cost } of methods) progress.expect(totalOf(cost) * targets.length);
  const maps: RawMap[] = [];
  let done = 0;
  for (const target of targets) {
    const question = subject.about(target);
    try {
      for (const { method, settings, cost } of methods) {
        maps.push({ target, ...await mapBy(method, question, settings) });
        progress.reach(done += totalOf(cost));
        await pause();
      }
    } finally {
      await question.dispose();
    }
  }
  return { maps, scores };
}
