import { massIn } from "./mass.ts";
import type { NamedMetric } from "./metric.ts";
import { truthOf, withoutTruth } from "./truth_pixels.ts";

/**
 * Relevance mass accuracy: which part of what speaks for the class lies on the object's pixels, as its mask says, Σ L[mask] / Σ L,
 * with L the map after ReLU, from its least to its most.
 *
 * Arras et al., "CLEVR-XAI: A Benchmark Dataset for the Ground Truth Evaluation of Neural Network Explanations", Information
 * Fusion 81, 2022, https://arxiv.org/abs/2003.07258
 */
export const relevanceMassMetric: NamedMetric<"relevancemass"> = {
  name: "relevancemass",
  title: "Relevance mass accuracy",
  description: "Which part of the map's positive values lies on the object's mask",
  kind: "localisation",
  better: "higher",
  range: [0, 1],
  needs: "truth",
  cost: () => ({}),
  measure(subject) {
    const pixels = truthOf(subject);
    if (!pixels) return Promise.resolve(withoutTruth);
    if (subject.truth?.mask) return Promise.resolve(massIn(subject, pixels));
    return Promise.resolve({ value: undefined, why: "There is no mask of the object, only boxes" });
  },
};
