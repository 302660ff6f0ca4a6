import type { NamedMetric } from "./metric.ts";
import { rankPixels, shareOfGreatest } from "./ranking.ts";
import { emptyTruth, truthOf, withoutTruth } from "./truth_pixels.ts";

/**
 * Relevance rank accuracy: of the K pixels that the map ranks highest, with K how many the object covers, the part that lies
 * on it. Of equal pixels at the K-th rank each counts by its chance to be among the K.
 *
 * Arras et al., "CLEVR-XAI: A Benchmark Dataset for the Ground Truth Evaluation of Neural Network Explanations", Information
 * Fusion 81, 2022, https://arxiv.org/abs/2003.07258
 *
 * Quantus takes of equal pixels those that its sort puts first, so that the number depends on where in the photo they lie.
 */
export const relevanceRankMetric: NamedMetric<"relevancerank"> = {
  name: "relevancerank",
  title: "Relevance rank accuracy",
  description: "Of as many of the map's highest pixels as the object covers, the part that lies on it",
  kind: "localisation",
  better: "higher",
  range: [0, 1],
  needs: "truth",
  cost: () => ({}),
  measure(subject) {
    const truth = truthOf(subject);
    if (!truth) return Promise.resolve(withoutTruth);
    const count = truth.reduce((sum, value) => sum + value, 0);
    if (count === 0) return Promise.resolve({ value: 0, why: emptyTruth });
    const shares = shareOfGreatest(subject.pixels, rankPixels(subject.pixels), count);
    const inside = shares.reduce((sum, share, pixel) => truth[pixel] ? sum + share : sum, 0);
    return Promise.resolve({ value: inside / count });
  },
};
