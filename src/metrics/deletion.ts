import { areaUnder, evenSteps } from "./curve.ts";
import { valuesOfHidden } from "./hide.ts";
import type { Curve, NamedMetric } from "./metric.ts";
import { rankPixels, shareOfGreatest } from "./ranking.ts";
import type { Subject } from "./subject.ts";

/** The score while more and more pixels are hidden, the greatest of the map first. */
async function deletionCurve(subject: Subject): Promise<Curve> {
  const { pixels, settings: { steps = 50, baseline = "black" } } = subject;
  const ranking = rankPixels(pixels);
  const x = evenSteps(steps);
  const values = await valuesOfHidden(subject, baseline, steps, (at, into) => {
    shareOfGreatest(pixels, ranking, x[at + 1]! * pixels.data.length, into);
    into.forEach((hidden, pixel) => into[pixel] = 1 - hidden);
  });
  return { name: "deletion", x, y: [await subject.value(), ...values] };
}

/**
 * Deletion: the area under the score while pixels are hidden, those that the map ranks highest first, from none to all. A good
 * map names what the score needs, so that it falls at once. Of pixels that are equal to each other each is hidden as much as
 * the others.
 *
 * Petsiuk et al., "RISE: Randomized Input Sampling for Explanation of Black-box Models", BMVC 2018,
 * https://arxiv.org/abs/1806.07421
 *
 * The authors' code hides by the number 0 after pixels have been scaled, which is about grey (`baseline: "mean"`); and it
 * orders equal pixels as its sort leaves them, so that the numbers of maps that were cut at zero depend on where in the photo
 * the zeros lie. Quantus (PixelFlipping) ranks each channel of each pixel on its own, unless it is told otherwise.
 */
export const deletionMetric: NamedMetric<"deletion"> = {
  name: "deletion",
  title: "Deletion",
  description: "How much of the score is left while the map's highest pixels are hidden first: the area",
  kind: "faithfulness",
  better: "lower",
  range: [0, 1],
  needs: "model",
  settings: { steps: 50, baseline: "black" },
  cost: ({ settings: { steps = 50 } }) => ({ runs: steps }),
  async measure(subject) {
    const curve = await deletionCurve(subject);
    return { value: areaUnder(curve), curves: [curve] };
  },
};
