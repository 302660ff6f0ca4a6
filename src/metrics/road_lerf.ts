import type { NamedMetric } from "./metric.ts";
import { measureOrder, roadRuns } from "./road_curves.ts";

/**
 * ROAD, least relevant first: how much the score rises in the mean, below zero where it falls, when the pixels are removed that the map
 * ranks lowest, over 10, 20 … 90 % of them; see `road`.
 *
 * Rong et al., "A Consistent and Efficient Evaluation Strategy for Attribution Methods", ICML 2022, https://arxiv.org/abs/2202.00449
 */
export const roadLerfMetric: NamedMetric<"roadlerf"> = {
  name: "roadlerf",
  title: "ROAD, least relevant first",
  description: "How the score changes without the map's lowest pixels, imputed",
  kind: "faithfulness",
  better: "higher",
  range: [-1, 1],
  needs: "model",
  settings: { seed: 0 },
  cost: () => ({ runs: roadRuns }),
  measure: (subject) => measureOrder(subject, "lerf"),
};
