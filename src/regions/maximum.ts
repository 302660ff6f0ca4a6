import type { NamedThreshold } from "./threshold.ts";

/**
 * A part of the map's maximum: 15 % in the Grad-CAM paper, section 4.1, 20 % in the CAM paper, section 3.2. It is counted
 * from zero, so that it says nothing of maps that have no zero.
 *
 * Selvaraju et al., "Grad-CAM: Visual Explanations from Deep Networks via Gradient-based Localization", ICCV 2017,
 * https://arxiv.org/abs/1610.02391
 *
 * Zhou et al., "Learning Deep Features for Discriminative Localization", CVPR 2016, https://arxiv.org/abs/1512.04150
 */
export const maximumThreshold: NamedThreshold<"maximum"> = {
  name: "maximum",
  title: "Part of the maximum",
  description: "A part of the map's maximum: 15 % in the Grad-CAM paper, 20 % in the CAM paper",
  level: 0.15,
  valueOf: ({ data }, level) => level * data.reduce((most, value) => Math.max(most, value), -Infinity),
};
