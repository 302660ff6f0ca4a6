/**
 * The registry of metrics: how good a map is. A new one is one file beside this one and one line in {@linkcode metrics}.
 *
 * @module
 */
import { findNamed } from "../base/find_named.ts";
import { averageDropMetric } from "./average_drop.ts";
import { averageGainMetric } from "./average_gain.ts";
import { averageIncreaseMetric } from "./average_increase.ts";
import { boxIouMetric } from "./box_iou.ts";
import { deletionMetric } from "./deletion.ts";
import { energyPointingGameMetric } from "./energy_pointing_game.ts";
import { entropyMetric } from "./entropy.ts";
import { infidelityMetric } from "./infidelity.ts";
import { insertionMetric } from "./insertion.ts";
import { jpegStabilityMetric } from "./jpeg_stability.ts";
import { localisationErrorMetric } from "./localisation_error.ts";
import type { NamedMetric } from "./metric.ts";
import { modelRandomisationMetric } from "./model_randomisation.ts";
import { monotonicityMetric } from "./monotonicity.ts";
import { muFidelityMetric } from "./mu_fidelity.ts";
import { pointingGameMetric } from "./pointing_game.ts";
import { randomLogitMetric } from "./random_logit.ts";
import { relevanceMassMetric } from "./relevance_mass.ts";
import { relevanceRankMetric } from "./relevance_rank.ts";
import { roadMetric } from "./road.ts";
import { roadLerfMetric } from "./road_lerf.ts";
import { roadMorfMetric } from "./road_morf.ts";
import { sensitivityMaxMetric } from "./sensitivity_max.ts";
import { shiftStabilityMetric } from "./shift_stability.ts";
import { sparsenessMetric } from "./sparseness.ts";
import { sufficiencyMetric } from "./sufficiency.ts";
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
  energyPointingGameMetric,
  boxIouMetric,
  localisationErrorMetric,
  relevanceMassMetric,
  relevanceRankMetric,
  deletionMetric,
  insertionMetric,
  averageDropMetric,
  averageIncreaseMetric,
  averageGainMetric,
  roadMetric,
  roadMorfMetric,
  roadLerfMetric,
  muFidelityMetric,
  infidelityMetric,
  monotonicityMetric,
  sufficiencyMetric,
  sensitivityMaxMetric,
  shiftStabilityMetric,
  jpegStabilityMetric,
  sparsenessMetric,
  entropyMetric,
  modelRandomisationMetric,
  randomLogitMetric,
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
