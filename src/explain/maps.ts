import type * as tf from "../base/tfjs.ts";
import type { SplitModel } from "../split/model.ts";
import type { Target } from "../targets/target.ts";
import { mapBy, type MethodRequest, planMethod, type PlannedMethod, type RawMap } from "./method_map.ts";
import type { Progress } from "./progress.ts";
import type { Question } from "./question.ts";
import type { ExplainRequest } from "./request.ts";
import type { Subject } from "./subject.ts";

/** The raw maps of all targets by all methods. */
export interface RawMaps {
  /** Target by target. */
  readonly maps: readonly RawMap[];
  /** The model's own output for all classes. */
  readonly scores: Float32Array;
}

/** As much of a request as its maps depend on. */
export interface MapRequest
  extends
    MethodRequest,
    Pick<ExplainRequest, "split" | "methods" | "targets" | "counterfactual" | "settings"> {}

/** Who is told of the work, and asked for turns. */
export interface MapWork {
  /** Told what is expected and what is done. */
  readonly progress: Progress;
  /** What the model makes of what the photo is compared with. */
  readonly like?: Float32Array | undefined;
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

/** The number that is explained, where it is no class's score. */
async function valueOf({ title }: Target, question: Question): Promise<number | undefined> {
  return title === undefined ? undefined : await question.value();
}

/** What to know of a map that is the same whatever is explained. */
function unasked({ method: { title } }: PlannedMethod): string {
  return `The map of ${title} is the same as without counterfactual: it asks for no score`;
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
  { progress, like, pause }: MapWork,
): Promise<RawMaps> {
  const { split } = request;
  const methods = request.methods.map((method) => planMethod(method, request.settings, subject));
  const willGoBack = methods.some(({ goesBack }) => goesBack);
  const tail = await subject.scores(willGoBack);
  const scores = await outputOf(split, tail);
  const targets = request.targets({ output: scores, scores: await tail.data() as Float32Array, like });
  for (const { work } of methods) progress.expect(work * targets.length);
  const maps: RawMap[] = [];
  let done = 0;
  for (const target of targets) {
    const question = subject.about(target);
    try {
      const value = await valueOf(target, question);
      for (const planned of methods) {
        const map = await mapBy(planned, question, request);
        const isAsked = planned.work > 0 || !request.counterfactual;
        const warnings = [...map.warnings, ...isAsked ? [] : [unasked(planned)]];
        maps.push({ target, value, ...map, warnings });
        progress.reach(done += planned.work);
        await pause();
      }
    } finally {
      await question.dispose();
    }
  }
  return { maps, scores };
}
