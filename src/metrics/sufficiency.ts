import { meanOf } from "./correlation.ts";
import { valuesOfHidden } from "./hide.ts";
import type { NamedMetric } from "./metric.ts";
import { rankPixels, shareOfGreatest } from "./ranking.ts";

/** Which parts of the pixels are kept. */
const parts = [0.01, 0.05, 0.1, 0.2, 0.5] as const;

/**
 * Sufficiency: how much the score loses where only the pixels are kept that the map ranks highest, y(x) − y(x with those alone), the
 * mean over the upper 1, 5, 10, 20 and 50 % of them. What suffices loses nothing.
 *
 * DeYoung et al., "ERASER: A Benchmark to Evaluate Rationalized NLP Models", ACL 2020, https://arxiv.org/abs/1911.03429
 *
 * What Quantus calls so is another thing, which needs many photos: whether those with maps alike are classified alike.
 */
export const sufficiencyMetric: NamedMetric<"sufficiency"> = {
  name: "sufficiency",
  title: "Sufficiency",
  description: "How much of the score is lost where only the map's highest pixels are kept",
  kind: "faithfulness",
  better: "lower",
  range: [-1, 1],
  needs: "model",
  settings: { baseline: "black" },
  cost: () => ({ runs: parts.length }),
  async measure(subject) {
    const { pixels, settings: { baseline = "black" } } = subject;
    const ranking = rankPixels(pixels);
    const values = await valuesOfHidden(subject, baseline, parts.length, (at, into) => {
      shareOfGreatest(pixels, ranking, parts[at]! * pixels.data.length, into);
    });
    return {
      value: await subject.value() - meanOf(values),
      curves: [{ name: "kept", x: [...parts], y: [...values] }],
    };
  },
};
