import type { NamedMetric } from "./metric.ts";
import { measureOrder, roadRuns } from "./road_curves.ts";

/**
 * ROAD, most relevant first: how much the score rises in the mean, below zero where it falls, when the pixels are removed that the map
 * ranks highest, over 10, 20 … 90 % of them; see `road`.
 *
 * Rong et al., "A Consistent and Efficient Evaluation Strategy for Attribution Methods", ICML 2022, https://arxiv.org/abs/2202.00449
 */
export const roadMorfMetric: NamedMetric<"roadmorf"> = {
  name: "roadmorf",
  title: "ROAD, most relevant first",
  description: "How the score changes without the map's highest pixels, imputed",
  kind: "faithfulness",
  better: "lower",
  range: [-1, 1],
  needs: "model",
  settings: { seed: 0 },
  cost: () => ({ runs: roadRuns }),
  measure: (subject) => measureOrder(subject, "morf"),
};
