import { correlationOf } from "./correlation.ts";
import { hideParts } from "./hidden_parts.ts";
import type { NamedMetric } from "./metric.ts";

/** As many of a number of cells, chosen at random. */
function chooseCells(cells: number, count: number, random: () => number): Uint8Array {
  const order = Uint32Array.from({ length: cells }, (_, at) => at);
  const chosen = new Uint8Array(cells);
  for (let at = 0; at < count; at++) { // the first steps of a shuffle
    const other = at + Math.floor(random() * (cells - at));
    [order[at], order[other]] = [order[other]!, order[at]!];
    chosen[order[at]!] = 1;
  }
  return chosen;
}

/**
 * μFidelity: the correlation of what the map says of parts of the photo with what the score loses when they are hidden, over random
 * parts S of equal size, corr(Σ L[S], y(x) − y(x without S)). The photo is divided into `cells` × `cells` cells, of which a part,
 * `hidden`, is hidden at once.
 *
 * Bhatt et al., "Evaluating and Aggregating Feature-based Model Explanations", IJCAI 2020, https://arxiv.org/abs/2005.00631
 *
 * It is Pearson's correlation, as in the paper and in Quantus (FaithfulnessCorrelation); xplique takes Spearman's. xplique leaves each
 * cell to chance, so that how much is hidden differs from sample to sample, which a map of positive values then explains whatever
 * it shows.
 */
export const muFidelityMetric: NamedMetric<"mufidelity"> = {
  name: "mufidelity",
  title: "μFidelity",
  description: "Whether what the map says of random parts goes with what hiding them costs: the correlation",
  kind: "faithfulness",
  better: "higher",
  range: [-1, 1],
  needs: "model",
  settings: { samples: 200, cells: 9, hidden: 0.2, baseline: "black", seed: 0 },
  cost: ({ settings: { samples = 200 } }) => ({ runs: samples }),
  async measure(subject) {
    const { samples = 200, cells = 9, hidden = 0.2 } = subject.settings;
    const { height, width } = subject.pixels;
    const random = subject.random("mufidelity");
    const count = Math.min(Math.max(Math.round(hidden * cells ** 2), 1), cells ** 2);
    const { sums, drops } = await hideParts(subject, samples, (into) => {
      const chosen = chooseCells(cells ** 2, count, random);
      into.forEach((_, pixel) => {
        const row = Math.floor(Math.floor(pixel / width) * cells / height);
        const column = Math.floor(pixel % width * cells / width);
        into[pixel] = chosen[row * cells + column]!;
      });
    });
    const value = correlationOf(sums, drops);
    const why = "Hiding any part costs the same, or the map says the same of all";
    return value === undefined ? { value, why } : { value };
  },
};
