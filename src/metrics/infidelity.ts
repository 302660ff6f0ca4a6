import { meanOf } from "./correlation.ts";
import { type HiddenParts, hideParts } from "./hidden_parts.ts";
import type { NamedMetric } from "./metric.ts";

/** The sides of the squares that are hidden, in parts of the photo's. */
const sides = [0.1, 0.5] as const;

/**
 * The mean square error of what a map says of hidden parts, when it is multiplied by the number that makes that least: maps have no
 * unit of their own.
 */
export function infidelityOf({ sums, drops }: HiddenParts): number {
  const product = meanOf(sums.map((sum, at) => sum * drops[at]!));
  const square = meanOf(sums.map((sum) => sum ** 2));
  const scale = square > 0 ? product / square : 0;
  return meanOf(sums.map((sum, at) => (scale * sum - drops[at]!) ** 2));
}

/**
 * Infidelity: how far what the map says of hidden squares is from what the score loses, E[(β·Σ L[S] − (y(x) − y(x without S)))²] over
 * random squares S, with β = E[Σ L[S] · Δy] / E[(Σ L[S])²], since a map has no unit of its own.
 *
 * Yeh et al., "On the (In)fidelity and Sensitivity of Explanations", NeurIPS 2019, https://arxiv.org/abs/1901.09392
 *
 * It is what captum gives with `normalize=True` for the same squares. Quantus multiplies by what each pixel loses in number, and hides
 * squares of one size in a fixed grid.
 */
export const infidelityMetric: NamedMetric<"infidelity"> = {
  name: "infidelity",
  title: "Infidelity",
  description:
    "How far what the map says of random squares is from what hiding them costs: the squared error",
  kind: "faithfulness",
  better: "lower",
  range: [0, 1],
  needs: "model",
  settings: { samples: 100, baseline: "black", seed: 0 },
  cost: ({ settings: { samples = 100 } }) => ({ runs: samples }),
  async measure(subject) {
    const { samples = 100 } = subject.settings;
    const { height, width } = subject.pixels;
    const random = subject.random("infidelity");
    const [least, most] = sides;
    const parts = await hideParts(subject, samples, (into) => {
      const side = least + random() * (most - least);
      const [rows, columns] = [Math.max(Math.round(side * height), 1), Math.max(Math.round(side * width), 1)];
      const top = Math.floor(random() * (height - rows + 1)),
        left = Math.floor(random() * (width - columns + 1));
      into.fill(0);
      for (let row = top; row < top + rows; row++) {
        into.fill(1, row * width + left, row * width + left + columns);
      }
    });
    return { value: infidelityOf(parts) };
  },
};
