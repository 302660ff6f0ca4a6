import type { NamedMetric } from "./metric.ts";

/** Gini's coefficient of numbers of 0 or more: 0 where all are equal, towards 1 where one has it all. */
export function giniOf(values: ArrayLike<number>): number {
  const sorted = Float64Array.from(values).sort();
  const count = sorted.length;
  let [sum, weighted] = [0, 0];
  sorted.forEach((value, at) => {
    sum += value;
    weighted += (2 * (at + 1) - count - 1) * value;
  });
  return sum > 0 ? weighted / (count * sum) : 0;
}

/**
 * Sparseness: Gini's coefficient of the map's magnitudes, 0 where all pixels are equal, towards 1 where one has it all.
 *
 * Chalasani et al., "Concise Explanations of Neural Networks using Adversarial Training", ICML 2020,
 * https://arxiv.org/abs/1810.06583
 */
export const sparsenessMetric: NamedMetric<"sparseness"> = {
  name: "sparseness",
  title: "Sparseness",
  description: "How much of the map is in few pixels: Gini's coefficient of its magnitudes",
  kind: "complexity",
  better: "higher",
  range: [0, 1],
  needs: "map",
  cost: () => ({}),
  measure: ({ pixels: { data } }) => Promise.resolve({ value: giniOf(data.map(Math.abs)) }),
};
