import { scoreOf } from "./class.ts";
import type { NamedTarget } from "./target.ts";

/** The classes whose scores are nearest to a class's, the nearest first. */
export function nearestClasses(scores: Float32Array, classIndex: number, count: number): number[] {
  const own = scores[classIndex]!;
  return [...scores.keys()]
    .filter((other) => other !== classIndex)
    .sort((a, b) => Math.abs(scores[a]! - own) - Math.abs(scores[b]! - own))
    .slice(0, count);
}

/**
 * Finer-CAM: a class's logit in contrast with those of the classes that are most like it, the mean over the n nearest d of
 * y^c − γ·y^d.
 *
 * pytorch-grad-cam weights each d by its probability.
 *
 * Zhang et al., "Finer-CAM: Spotting the Difference Reveals Finer Details for Visual Explanation", CVPR 2025,
 * https://arxiv.org/abs/2501.11309
 */
export const finerTarget: NamedTarget<"finer"> = {
  name: "finer",
  description: "Each class in contrast with those most like it, as in Finer-CAM",
  score: "logit",
  ofClasses: true,
  make({ classes, scores, nearest, contrast, nameOf }) {
    return classes.map((classIndex) => {
      const others = nearestClasses(scores, classIndex, nearest);
      return {
        classIndex,
        title: `${nameOf(classIndex)} in contrast with ${others.map(nameOf).join(", ")}`,
        value(all) {
          const own = scoreOf(all, classIndex);
          if (others.length === 0) return own;
          const sum = others.map((other) => scoreOf(all, other)).reduce((some, one) => some.add(one));
          return own.sub(sum.mul(contrast / others.length));
        },
      };
    });
  },
};
