/**
 * The registry of metrics: how good a map is. A new one is one file beside this one and one line in {@linkcode metrics}.
 *
 * @module
 */
import { findNamed } from "../base/find_named.ts";
import type { NamedMetric } from "./metric.ts";

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
export const metrics: readonly Metric[] = Object.freeze([]);

/**
 * The metric of a name.
 *
 * @throws {RangeError} If there is none.
 */
export function findMetric(name: string): Metric {
  return findNamed(metrics, name, "metric");
}
