import { compareMasked } from "./masked_score.ts";
import type { NamedMetric } from "./metric.ts";

/**
 * Average gain: which part of what the score lacks is gained when the photo is seen through the map, max(0, O − Y) / (1 − Y), the
 * counterpart of the average drop, with Y and O as there.
 *
 * Zhang et al., "Opti-CAM: Optimizing Saliency Maps for Interpretability", 2023, https://arxiv.org/abs/2301.07002
 */
export const averageGainMetric: NamedMetric<"averagegain"> = {
  name: "averagegain",
  title: "Average gain",
  description: "How much of what the score lacks is gained when the photo is seen through the map",
  kind: "faithfulness",
  better: "higher",
  range: [0, 1],
  needs: "model",
  settings: { baseline: "black" },
  cost: () => ({ runs: 1 }),
  measure: (subject) =>
    compareMasked(
      subject,
      ({ whole, masked }) =>
        whole < 1 ? { value: Math.max(masked - whole, 0) / (1 - whole) } : {
          value: undefined,
          why: `The score ${whole} is not below 1: it is no probability, or lacks nothing`,
        },
    ),
};
