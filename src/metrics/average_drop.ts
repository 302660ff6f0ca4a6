import { compareMasked } from "./masked_score.ts";
import type { NamedMetric } from "./metric.ts";

/**
 * Average drop: how much of the score is lost when the photo is seen through the map, max(0, Y − O) / Y, with Y the photo's score
 * and O that of L ∘ x + (1 − L) ∘ black, L the map after ReLU from its least to its most. Its mean over photos is the paper's number,
 * there in percent. A map that leaves the whole photo loses nothing: see average gain too.
 *
 * Chattopadhay et al., "Grad-CAM++: Generalized Gradient-Based Visual Explanations for Deep Convolutional Networks", WACV 2018,
 * https://arxiv.org/abs/1710.11063
 *
 * torch-cam and pytorch-grad-cam multiply the model's input after it was scaled, so that what is hidden becomes grey.
 */
export const averageDropMetric: NamedMetric<"averagedrop"> = {
  name: "averagedrop",
  title: "Average drop",
  description: "How much of the score is lost when the photo is seen through the map",
  kind: "faithfulness",
  better: "lower",
  range: [0, 1],
  needs: "model",
  settings: { baseline: "black" },
  cost: () => ({ runs: 1 }),
  measure: (subject) =>
    compareMasked(
      subject,
      ({ whole, masked }) =>
        whole > 0
          ? { value: Math.max(whole - masked, 0) / whole }
          : { value: undefined, why: `The score ${whole} is not above 0: of it no part can be lost` },
    ),
};
