import { meanOf, rankCorrelationOf } from "./correlation.ts";
import type { NamedMetric } from "./metric.ts";

/**
 * The model randomisation test: the rank correlation of the map with those of the same model while the weights of more and more of its
 * layers are drawn anew, from the last on, in `stages` stages; in the last all are new. Its number is the mean over the stages. A map
 * that stays the same does not show what the model has learnt: an edge detector does as well.
 *
 * Adebayo et al., "Sanity Checks for Saliency Maps", NeurIPS 2018, https://arxiv.org/abs/1810.03292
 *
 * Weights are drawn as before training: products' evenly with the variance 1 / fan-in, biases zero, norms such that they change
 * nothing. Quantus (MPRT) has PyTorch and Keras draw them, and goes layer by layer.
 */
export const modelRandomisationMetric: NamedMetric<"modelrandomisation"> = {
  name: "modelrandomisation",
  title: "Model randomisation test",
  description:
    "How alike the map is to those of the model with random weights: the rank correlation, by layer",
  kind: "sanity",
  better: "lower",
  range: [-1, 1],
  needs: "maps",
  settings: { stages: 5, seed: 0 },
  cost: ({ settings: { stages = 5 } }) => ({ maps: stages }),
  async measure(subject) {
    const { stages = 5 } = subject.settings;
    const found = await subject.randomised(stages);
    if (found.length === 0) {
      return { value: undefined, why: "The model has no weights that could be drawn anew" };
    }
    // A map that has become flat has nothing left of what it was.
    const likeness = found.map(({ map }) => rankCorrelationOf(subject.pixels.data, map.data) ?? 0);
    const { kept } = found.at(-1)!;
    const x = found.map((_, at) => (at + 1) / found.length);
    return {
      value: meanOf(likeness),
      why: kept > 0
        ? `${kept} of the model's layers keep their weights: TensorFlow.js executes them whole`
        : undefined,
      curves: [{ name: "likeness", x: [0, ...x], y: [1, ...likeness] }],
    };
  },
};
