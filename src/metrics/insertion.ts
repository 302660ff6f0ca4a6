import { areaUnder, evenSteps } from "./curve.ts";
import { valuesOfHidden } from "./hide.ts";
import type { Curve, NamedMetric } from "./metric.ts";
import { rankPixels, shareOfGreatest } from "./ranking.ts";
import type { Subject } from "./subject.ts";

/** The score while more and more pixels are shown, the greatest of the map first. */
async function insertionCurve(subject: Subject): Promise<Curve> {
  const { pixels, settings: { steps = 50, baseline = "blur" } } = subject;
  const ranking = rankPixels(pixels);
  const x = evenSteps(steps);
  const values = await valuesOfHidden(subject, baseline, steps, (at, into) => {
    shareOfGreatest(pixels, ranking, x[at]! * pixels.data.length, into);
  });
  return { name: "insertion", x, y: [...values, await subject.value()] };
}

/**
 * Insertion: the area under the score while pixels of the photo are put in the place of a blurred one, those that the map ranks
 * highest first, from none to all. A good map names what the score needs, so that it rises at once. Of pixels that are equal
 * to each other each is shown as much as the others.
 *
 * Petsiuk et al., "RISE: Randomized Input Sampling for Explanation of Black-box Models", BMVC 2018,
 * https://arxiv.org/abs/1806.07421
 */
export const insertionMetric: NamedMetric<"insertion"> = {
  name: "insertion",
  title: "Insertion",
  description: "How soon the score is there while the map's highest pixels are shown first: the area",
  kind: "faithfulness",
  better: "higher",
  range: [0, 1],
  needs: "model",
  settings: { steps: 50, baseline: "blur" },
  cost: ({ settings: { steps = 50 } }) => ({ runs: steps }),
  async measure(subject) {
    const curve = await insertionCurve(subject);
    return { value: areaUnder(curve), curves: [curve] };
  },
};
