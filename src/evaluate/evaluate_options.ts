import {
  anyRule,
  callbackRule,
  flagRule,
  listRule,
  numberRule,
  objectRule,
  type OptionRules,
  rule,
  withoutRules,
} from "../base/options.ts";
import type { Model } from "../explain/model.ts";
import {
  identityRule,
  isExplainable,
  modelRule,
  type ModelSource,
  type WeightsSource,
} from "../formats/mod.ts";
import { type MeasureOptions, measureRules } from "../metrics/measure_options.ts";
import type { PhotoTruth } from "../metrics/truth.ts";
import { isHeldModel } from "../split/held_models.ts";
import type { MethodPasses } from "./expect_passes.ts";
import type { ModelAbout } from "./summary.ts";

/** What an evaluation goes through, told before its first photo: what {@linkcode summarise} takes besides the photos. */
export interface EvaluationPlan {
  /** The models. */
  readonly models: readonly ModelAbout[];
  /** The truth file's name, its kind, its hash and the photos that it names; left out where there is none. */
  readonly truth?: {
    readonly name: string;
    readonly kind: string;
    /** SHA-256 of the file, or of the paths in the folder, in hexadecimal. */
    readonly hash: string;
    readonly files: readonly string[];
  } | undefined;
  /** How often each method runs the model for a map, forwards or back, where that is known before. */
  readonly passes: readonly MethodPasses[];
  /** What is wrong with the truth file, a sentence each. */
  readonly warnings: readonly string[];
  /** Where random numbers begin. */
  readonly seed: number;
  /** The version of each thing that the numbers depend on, by name. */
  readonly versions: Readonly<Record<string, string>>;
}

/** What the user may want to know of a run that makes no difference to its results. */
export interface EvaluationRun {
  /** How many photos were done before, and are taken from the journal. */
  readonly done: number;
  /** Such as why there are no workers. */
  readonly notes: readonly string[];
}

/** Options of {@linkcode evaluate}: those of `measure` and how photos are gone through. */
export interface EvaluateOptions extends Omit<MeasureOptions, "truth"> {
  /**
   * The model: where it is or what its files hold, which is opened once and freed at the end; or one that is open, which
   * stays so, and which workers cannot share.
   * @default {the embedded EfficientNet-Lite0}
   */
  readonly model?: ModelSource | Model | undefined;
  /** Several models instead, each of which is measured on every photo; `undefined` among them stands for the embedded one. */
  readonly models?: readonly (ModelSource | undefined)[] | undefined;
  /** Classes of the models' layers that leave their input as it is, as `loadModel` takes them. */
  readonly identity?: readonly string[] | undefined;
  /** The weights of the model, where they are to be those of another file. */
  readonly weights?: WeightsSource | undefined;
  /**
   * What is known to be on the photos: a file or folder of COCO's JSON, Pascal VOC's XML, YOLO's text, mask pictures or a
   * simple JSON, which is found out by its content; or what such a file says. Photos are found by their names.
   */
  readonly truth?: string | URL | readonly PhotoTruth[] | undefined;
  /** What the truth's names of classes are called in the model, or their index there, where they are not the same. */
  readonly classes?: Readonly<Record<string, string | number>> | undefined;
  /**
   * A file that keeps the results, a line a photo: a run that was ended in any way goes on where it was when it is started
   * again with the same options, and comes to the same.
   * @default {nothing is kept}
   */
  readonly journal?: string | URL | undefined;
  /**
   * Whether the journal keeps how long maps and metrics took. Results are then no longer the same to the last byte.
   * @default {false}
   */
  readonly times?: boolean | undefined;
  /**
   * How many photos are gone through at most.
   * @default {all}
   */
  readonly limit?: number | undefined;
  /**
   * How many photos are measured at once, from 1 to 64, each in a worker of its own on one thread unless `threads` says
   * otherwise. One means none: the photos are measured here, one after the other, on all threads. Results do not depend on it.
   * @default {1}
   */
  readonly jobs?: number | undefined;
  /** Is told what is gone through before the first photo. */
  readonly onBegin?: ((plan: EvaluationPlan, run: EvaluationRun) => void) | undefined;
}

const model = rule(
  modelRule.allowed,
  (value) => modelRule.fits(value) || isExplainable(value) || isHeldModel(value),
);

/** What each of them can be. */
export const evaluateRules: OptionRules<EvaluateOptions> = {
  ...withoutRules(measureRules, "truth"),
  model,
  models: listRule(
    "an array of models",
    anyRule(modelRule, rule("undefined", (value) => value === undefined)),
  ),
  identity: identityRule,
  weights: modelRule,
  truth: rule(
    "a path, a URL, or an array of { file, objects }",
    (value) => typeof value === "string" || value instanceof URL || Array.isArray(value),
  ),
  classes: objectRule("an object from a name to a name or an index"),
  journal: rule("a path or a file: URL", (value) => typeof value === "string" || value instanceof URL),
  times: flagRule,
  limit: numberRule("how many photos"),
  jobs: numberRule("how many photos are measured at once"),
  onBegin: callbackRule("a function"),
};
