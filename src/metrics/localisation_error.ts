import { boxOverlap } from "./found_box.ts";
import type { NamedMetric } from "./metric.ts";
import { withoutTruth } from "./truth_pixels.ts";

/** How well boxes must lie on each other. */
const enough = 0.5;

/**
 * The top-1 localisation error as ILSVRC counts it: 0 where the class with the highest score is the object's, and the box of the map's
 * largest region has half or more in common with one of the object's boxes (intersection over union); else 1. The region is what
 * reaches 20 % of the map's maximum, as in the CAM paper.
 *
 * Russakovsky et al., "ImageNet Large Scale Visual Recognition Challenge", IJCV 115, 2015, https://arxiv.org/abs/1409.0575; Zhou et al.,
 * "Learning Deep Features for Discriminative Localization", CVPR 2016, section 3.2, https://arxiv.org/abs/1512.04150
 */
export const localisationErrorMetric: NamedMetric<"localisationerror"> = {
  name: "localisationerror",
  title: "Top-1 localisation error",
  description: "Whether the class or the box of the map's largest region is wrong, as ILSVRC counts it",
  kind: "localisation",
  better: "lower",
  range: [0, 1],
  needs: "truth",
  settings: { threshold: "maximum", level: 0.2 },
  cost: () => ({}),
  async measure(subject) {
    if (!subject.truth) return withoutTruth;
    const isRight = await subject.topClass() === subject.classIndex;
    return { value: isRight && boxOverlap(subject, subject.truth) >= enough ? 0 : 1 };
  },
};
