/**
 * The settings of metrics: what each is called everywhere, what it can be and what it means. A metric names those that it
 * takes, with its defaults.
 *
 * @module
 */
import { between, checkSettingsBy, choice, count, type SettingSpecOf } from "../base/setting_specs.ts";
import type { Baseline } from "../methods/settings.ts";
import type { ThresholdName } from "../regions/mod.ts";

/** What metrics can be told; each metric takes some of them. */
export interface MetricSettings {
  /** Where random numbers begin: the same seed gives the same number. */
  readonly seed?: number | undefined;
  /** In how many steps pixels are hidden or shown. */
  readonly steps?: number | undefined;
  /** What stands for what is hidden. */
  readonly baseline?: Baseline | undefined;
  /** How many changed photos are tried. */
  readonly samples?: number | undefined;
  /** How far beside an object still counts as on it, in pixels of the photo. */
  readonly tolerance?: number | undefined;
  /** How a map becomes a region. */
  readonly threshold?: ThresholdName | undefined;
  /** The threshold's number: a part of the maximum, or a quantile. */
  readonly level?: number | undefined;
  /** How large changes are: a part of the range of the model's input. */
  readonly radius?: number | undefined;
  /** Into how many cells each side of the photo is divided. */
  readonly cells?: number | undefined;
  /** How much of the photo is hidden at once, 0 to 1. */
  readonly hidden?: number | undefined;
  /** How far the photo is shifted, in pixels of the model's input. */
  readonly shift?: number | undefined;
  /** The quality of the JPEG, 1 to 100. */
  readonly quality?: number | undefined;
  /** In how many stages the model's weights are drawn anew. */
  readonly stages?: number | undefined;
}

/** A setting, for everybody who asks for it. */
export type MetricSettingSpec = SettingSpecOf<keyof MetricSettings>;

/** All settings. */
export const metricSettingSpecs: readonly MetricSettingSpec[] = Object.freeze([
  count("seed", "Where random numbers begin: the same seed gives the same number", [0, 2 ** 32 - 1]),
  count("steps", "In how many steps pixels are hidden or shown", [1, 10_000]),
  choice("baseline", "What stands for what is hidden", ["black", "white", "mean", "blur"]),
  count("samples", "How many changed photos are tried", [1, 100_000]),
  between("tolerance", "How far beside an object still counts as on it, in pixels of the photo", [0, 65_535]),
  choice("threshold", "How a map becomes a region", ["maximum", "otsu", "quantile"]),
  between("level", "The threshold's number: a part of the maximum, or a quantile", [0, 1]),
  between("radius", "How large changes are: a part of the range of the model's input", [0, 1]),
  count("cells", "Into how many cells each side of the photo is divided", [1, 1000]),
  between("hidden", "How much of the photo is hidden at once", [0, 1]),
  count("shift", "How far the photo is shifted, in pixels of the model's input", [1, 65_535]),
  count("quality", "The quality of the JPEG", [1, 100]),
  count("stages", "In how many stages the model's weights are drawn anew", [1, 1000]),
]);

/**
 * Make sure that settings are what metrics can be told.
 *
 * @throws {RangeError} If there is no such setting, or it is out of range.
 */
export function checkMetricSettings(settings: MetricSettings): void {
  checkSettingsBy(metricSettingSpecs, settings, " of metrics");
}
