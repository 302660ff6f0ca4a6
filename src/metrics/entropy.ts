import type { NamedMetric } from "./metric.ts";

/** The entropy of numbers of 0 or more as parts of their sum, in parts of the most that it can be: 1 where all are equal. */
export function entropyOf(values: ArrayLike<number>): number {
  let sum = 0;
  for (let at = 0; at < values.length; at++) sum += values[at]!;
  let entropy = 0;
  for (let at = 0; at < values.length; at++) {
    const part = values[at]! / sum;
    if (part > 0) entropy -= part * Math.log(part);
  }
  return values.length > 1 ? entropy / Math.log(values.length) : 0;
}

/**
 * Entropy: of the map's magnitudes as parts of their sum, −Σ p·ln p / ln N with N the number of pixels, so that maps of all sizes can be
 * compared: 1 where all pixels are equal, 0 where one has it all.
 *
 * Bhatt et al., "Evaluating and Aggregating Feature-based Model Explanations", IJCAI 2020, https://arxiv.org/abs/2005.00631
 *
 * Quantus (Complexity) does not divide by ln N.
 */
export const entropyMetric: NamedMetric<"entropy"> = {
  name: "entropy",
  title: "Entropy",
  description: "How evenly the map is spread: the entropy of its magnitudes",
  kind: "complexity",
  better: "lower",
  range: [0, 1],
  needs: "map",
  cost: () => ({}),
  measure: ({ pixels: { data } }) => Promise.resolve({ value: entropyOf(data.map(Math.abs)) }),
};
