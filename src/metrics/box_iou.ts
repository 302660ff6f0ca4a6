import { boxOverlap } from "./found_box.ts";
import { isSilent, withoutEvidence } from "./mass.ts";
import type { NamedMetric } from "./metric.ts";
import { withoutTruth } from "./truth_pixels.ts";

/**
 * The overlap of boxes: intersection over union of the box round the largest part of the map that reaches the threshold, 15 % of its
 * maximum, and that of the object's boxes which it meets best, in the photo's pixels.
 *
 * Selvaraju et al., "Grad-CAM: Visual Explanations from Deep Networks via Gradient-based Localization", ICCV 2017, section 4.1,
 * https://arxiv.org/abs/1610.02391
 */
export const boxIouMetric: NamedMetric<"boxiou"> = {
  name: "boxiou",
  title: "Box overlap",
  description: "How well the box of the map's largest region lies on the object's: intersection over union",
  kind: "localisation",
  better: "higher",
  range: [0, 1],
  needs: "truth",
  settings: { threshold: "maximum", level: 0.15 },
  cost: () => ({}),
  measure(subject) {
    if (!subject.truth) return Promise.resolve(withoutTruth);
    if (isSilent(subject)) return Promise.resolve({ value: undefined, why: withoutEvidence });
    return Promise.resolve({ value: boxOverlap(subject, subject.truth) });
  },
};
