import type { NamedMetric } from "./metric.ts";
import { meanChange, roadCurve, roadRuns } from "./road_curves.ts";

/**
 * ROAD, combined: half of how much less the score falls when the pixels are removed that the map ranks lowest than when those are that
 * it ranks highest, (LeRF − MoRF) / 2, each the mean over 10, 20 … 90 % of the pixels. What is removed becomes the mean of what is around
 * it, and noise, so that its outline tells the model nothing: what is black where an object was still shows its shape.
 *
 * Rong et al., "A Consistent and Efficient Evaluation Strategy for Attribution Methods", ICML 2022, https://arxiv.org/abs/2202.00449
 *
 * pytorch-grad-cam's ROADCombined removes all pixels that are equal to the one at the percentile, for a map that was cut at zero
 * perhaps the whole photo; here as many are removed as are asked for, of equal ones some at random.
 */
export const roadMetric: NamedMetric<"road"> = {
  name: "road",
  title: "ROAD",
  description:
    "How much less the score falls without the map's lowest pixels than without its highest, imputed",
  kind: "faithfulness",
  better: "higher",
  range: [-1, 1],
  needs: "model",
  settings: { seed: 0 },
  cost: () => ({ runs: 2 * roadRuns }),
  async measure(subject) {
    const [lerf, morf] = [await roadCurve(subject, "lerf"), await roadCurve(subject, "morf")];
    return { value: (meanChange(lerf) - meanChange(morf)) / 2, curves: [lerf, morf] };
  },
};
