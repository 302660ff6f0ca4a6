import { numberRule, type OptionRules, rule, textRule, withoutRules } from "../../base/options.ts";
import { checkOptionTypes } from "../../base/options.ts";
import {
  checkOptions,
  type ClassIndex,
  type GradcamOptions,
  gradcamRules,
} from "../../explain/gradcam_options.ts";
import type { MethodName } from "../../methods/mod.ts";
import { checkMetricSettings, type MetricSettings } from "../../metrics/settings.ts";
import { checkEvidenceSettings } from "./measure_evidence.ts";

/** Options of {@linkcode trustCard}: those of `gradcam()`, for one map. */
export interface TrustCardOptions extends
  Omit<
    GradcamOptions,
    "method" | "layer" | "classIndex" | "label" | "top" | "augment" | "maxPasses" | "onPlan"
  > {
  /**
   * The method.
   * @default {"gradcam"}
   */
  readonly method?: MethodName | undefined;
  /**
   * The layer.
   * @default {the one that `gradcam()` takes}
   */
  readonly layer?: string | undefined;
  /**
   * The class, by index from 0.
   * @default {the class with the highest score}
   */
  readonly classIndex?: ClassIndex | undefined;
  /** The class, by name. */
  readonly label?: string | undefined;
  /**
   * What metrics are told, such as in how many steps pixels are hidden.
   * @default {25 steps, hidden by blur, else each metric's own}
   */
  readonly metricSettings?: MetricSettings | undefined;
  /**
   * Where all random numbers begin.
   * @default {0}
   */
  readonly seed?: number | undefined;
  /**
   * When the card is made: with the same date and seed the same photo gives the same card.
   * @default {now}
   */
  readonly date?: Date | undefined;
}

/** What each of them can be. */
export const trustCardRules: OptionRules<TrustCardOptions> = {
  ...withoutRules(
    gradcamRules,
    "method",
    "layer",
    "classIndex",
    "label",
    "top",
    "augment",
    "maxPasses",
    "onPlan",
  ),
  method: textRule("the name of a method"),
  layer: textRule("the name of a layer"),
  classIndex: rule(
    "a class's index from 0; a name goes into label",
    (value) => typeof value === "number" || typeof value === "string" && /^\s*\d+\s*$/.test(value),
  ),
  label: textRule("the name of a class"),
  metricSettings: rule(
    "an object, such as { steps: 20 }",
    (value) => typeof value === "object" && value !== null,
  ),
  seed: numberRule("a whole number"),
  date: rule("a Date", (value) => value instanceof Date),
};

/**
 * Refuse options that no model and no photo could make sense of.
 *
 * @throws {TypeError} If one is unknown or of a wrong type.
 * @throws {RangeError} If one is out of range.
 */
export function checkCardOptions(options: TrustCardOptions): void {
  checkOptionTypes("trustCard()", options, trustCardRules);
  const { seed = 0, date = new Date(0), metricSettings = {}, ...asked } = options;
  checkOptions(asked);
  checkMetricSettings({ seed });
  checkEvidenceSettings(metricSettings);
  if (Number.isNaN(date.getTime())) throw new RangeError("Cannot date the card: the date is no valid one");
}
