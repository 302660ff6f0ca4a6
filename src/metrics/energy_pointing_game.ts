import { massIn } from "./mass.ts";
import type { NamedMetric } from "./metric.ts";
import { truthOf, withoutTruth } from "./truth_pixels.ts";

/**
 * The energy-based pointing game: which part of what speaks for the class lies in the object's boxes, Σ L[box] / Σ L, with L the map
 * after ReLU, from its least to its most.
 *
 * Wang et al., "Score-CAM: Score-Weighted Visual Explanations for Convolutional Neural Networks", CVPR Workshops 2020,
 * https://arxiv.org/abs/1910.01279
 */
export const energyPointingGameMetric: NamedMetric<"energypointinggame"> = {
  name: "energypointinggame",
  title: "Energy-based pointing game",
  description: "Which part of the map's positive values lies in the object's boxes",
  kind: "localisation",
  better: "higher",
  range: [0, 1],
  needs: "truth",
  cost: () => ({}),
  measure(subject) {
    const truth = truthOf(subject, "boxes");
    return Promise.resolve(truth ? massIn(subject, truth) : withoutTruth);
  },
};
