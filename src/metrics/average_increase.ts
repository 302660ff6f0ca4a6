import { compareMasked } from "./masked_score.ts";
import type { NamedMetric } from "./metric.ts";

/**
 * Average increase, also called increase in confidence: whether the score rises when the photo is seen through the map, [O > Y]: 1
 * or 0, of which the mean over photos is the paper's number. Y and O are as in the average drop.
 *
 * Chattopadhay et al., "Grad-CAM++: Generalized Gradient-Based Visual Explanations for Deep Convolutional Networks", WACV 2018,
 * https://arxiv.org/abs/1710.11063
 */
export const averageIncreaseMetric: NamedMetric<"averageincrease"> = {
  name: "averageincrease",
  title: "Average increase",
  description: "Whether the score rises when the photo is seen through the map",
  kind: "faithfulness",
  better: "higher",
  range: [0, 1],
  needs: "model",
  settings: { baseline: "black" },
  cost: () => ({ runs: 1 }),
  measure: (subject) => compareMasked(subject, ({ whole, masked }) => ({ value: masked > whole ? 1 : 0 })),
};
