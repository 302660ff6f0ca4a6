import {
  listRule,
  numberRule,
  objectRule,
  type OptionRules,
  textRule,
  withoutRules,
} from "../base/options.ts";
import { type GradcamOptions, gradcamRules } from "../explain/gradcam_options.ts";
import type { MethodName } from "../methods/mod.ts";
import type { ControlName } from "./controls/mod.ts";
import type { MetricName } from "./mod.ts";
import type { MetricSettings } from "./settings.ts";
import type { PhotoTruth } from "./truth.ts";

/** Options of {@linkcode measure}. */
export interface MeasureOptions
  extends Omit<GradcamOptions, "method" | "layer" | "augment" | "maxPasses" | "onPlan"> {
  /**
   * The methods.
   * @default {["gradcam"]}
   */
  readonly methods?: readonly MethodName[] | undefined;
  /**
   * The layers, at each of which every method is measured.
   * @default {the one that `gradcam()` takes}
   */
  readonly layers?: readonly string[] | undefined;
  /**
   * Maps that know nothing of the model, measured likewise.
   * @default {none}
   */
  readonly controls?: readonly ControlName[] | undefined;
  /**
   * The metrics.
   * @default {deletion and insertion; with a truth the pointing game before them}
   */
  readonly metrics?: readonly MetricName[] | undefined;
  /**
   * What metrics are told.
   * @default {each metric's own}
   */
  readonly metricSettings?: MetricSettings | undefined;
  /** What is on the photo. Its classes are explained where none is named. */
  readonly truth?: PhotoTruth | undefined;
  /**
   * Where all random numbers begin, those of methods, controls and metrics: the same seed gives the same numbers. What
   * `settings` and `metricSettings` say has the last word.
   * @default {0}
   */
  readonly seed?: number | undefined;
}

/** What each of them can be. */
export const measureRules: OptionRules<MeasureOptions> = {
  ...withoutRules(gradcamRules, "method", "layer", "augment", "maxPasses", "onPlan"),
  methods: listRule("an array of names of methods", textRule("the name of a method")),
  layers: listRule("an array of names of layers", textRule("the name of a layer")),
  controls: listRule("an array of names of controls", textRule("the name of a control")),
  metrics: listRule("an array of names of metrics", textRule("the name of a metric")),
  metricSettings: objectRule("an object, such as { steps: 20 }"),
  truth: objectRule("{ file, objects }", "objects"),
  seed: numberRule("a whole number"),
};
