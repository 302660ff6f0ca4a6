/**
 * The registry of metrics: how good a map is. A new one is one file beside this one and one line in {@linkcode metrics}.
 *
 * @module
 */
import { findNamed } from "../base/find_named.ts";
import { deletionMetric } from "./deletion.ts";
import { insertionMetric } from "./insertion.ts";
import type { NamedMetric } from "./metric.ts";
import { pointingGameMetric } from "./pointing_game.ts";
import { checkMetricSettings, type MetricSettings } from "./settings.ts";

/** The name of a metric. */
export type MetricName =
  | "pointinggame"
  | "energypointinggame"
  | "boxiou"
  | "localisationerror"
  | "relevancemass"
  | "relevancerank"
  | "deletion"
  | "insertion"
  | "averagedrop"
  | "averageincrease"
  | "averagegain"
  | "road"
  | "roadmorf"
  | "roadlerf"
  | "mufidelity"
  | "infidelity"
  | "monotonicity"
  | "sufficiency"
  | "sensitivitymax"
  | "shiftstability"
  | "jpegstability"
  | "sparseness"
  | "entropy"
  | "modelrandomisation"
  | "randomlogit";

/** A way to tell how good a map is. */
export type Metric = NamedMetric<MetricName>;

/** All metrics. */
export const metrics: readonly Metric[] = Object.freeze([
  pointingGameMetric,
  deletionMetric,
  insertionMetric,
]);

/**
 * The metrics of names, each once.
 *
 * @param names Their names.
 * @param settings What they are told.
 * @throws {RangeError} If there is no such metric, or none of them takes a setting.
 */
export function findMetrics(names: readonly string[], settings: MetricSettings = {}): Metric[] {
  const wanted = [...new Set(names)].map((name) => findMetric(name));
  if (wanted.length === 0) throw new RangeError("Cannot measure by no metric: name at least one");
  checkMetricSettings(settings);
  for (const [name, value] of Object.entries(settings)) {
    const takes = ({ settings = {} }: Metric) => Object.hasOwn(settings, name);
    if (value === undefined || name === "seed" || wanted.some(takes)) continue;
    const takers = metrics.filter(takes).map((metric) => metric.name);
    throw new RangeError(
      `Cannot use ${name} with ${wanted.map((metric) => metric.name).join(", ")}: it is for ${
        takers.join(", ")
      }`,
    );
  }
  return wanted;
}

/**
 * The metric of a name.
 *
 * @throws {RangeError} If there is none.
 */
export function findMetric(name: string): Metric {
  return findNamed(metrics, name, "metric");
}
