import { evenSteps } from "./curve.ts";
import { valuesOfHidden } from "./hide.ts";
import type { NamedMetric } from "./metric.ts";
import { rankPixels, shareOfGreatest } from "./ranking.ts";

/** By how much a score may fall and still count as the same: what rounding may do. */
const rounding = 1e-6;

/**
 * Monotonicity: in which part of the steps the score does not fall while the photo's pixels are put in the place of the baseline,
 * those that the map ranks lowest first: each adds what matters more than what was there before.
 *
 * Luss et al., "Leveraging Latent Features for Local Explanations", KDD 2021, https://arxiv.org/abs/1905.12698; Arya et al., "One
 * Explanation Does Not Fit All", 2019, https://arxiv.org/abs/1909.03012
 *
 * AIX360 says only whether it falls in no step, which is so where this is 1; of photos that hardly happens. Quantus 0.6 puts the
 * baseline in the place of the baseline, so that every map is monotone.
 */
export const monotonicityMetric: NamedMetric<"monotonicity"> = {
  name: "monotonicity",
  title: "Monotonicity",
  description:
    "In which part of the steps the score does not fall while the map's lowest pixels are shown first",
  kind: "faithfulness",
  better: "higher",
  range: [0, 1],
  needs: "model",
  settings: { steps: 50, baseline: "black" },
  cost: ({ settings: { steps = 50 } }) => ({ runs: steps }),
  async measure(subject) {
    const { pixels, settings: { steps = 50, baseline = "black" } } = subject;
    const ranking = rankPixels(pixels);
    const x = evenSteps(steps);
    const values = await valuesOfHidden(subject, baseline, steps, (at, into) => {
      shareOfGreatest(pixels, ranking, (1 - x[at]!) * pixels.data.length, into);
      into.forEach((hidden, pixel) => into[pixel] = 1 - hidden);
    });
    const y = [...values, await subject.value()];
    const kept = y.slice(1).filter((value, at) => value >= y[at]! - rounding);
    return { value: kept.length / steps, curves: [{ name: "lowest first", x, y }] };
  },
};
