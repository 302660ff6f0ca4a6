import { seenThrough } from "./masked.ts";
import type { NamedMethod } from "./method.ts";
import { drawMask, type MaskPlan, spreadMask } from "./random_masks.ts";
import { runName } from "./run_name.ts";

/**
 * RISE: L = Σᵢ y(x ∘ Mᵢ)·Mᵢ / (p·N) with N random masks Mᵢ.
 *
 * A mask has `cells` × `cells` cells, each of which is seen with the probability p (`visible`). It is made one cell larger than
 * the picture, bilinearly, and shifted at random by less than a cell. What is hidden is shown as the `baseline`, black if
 * nothing is said, as in the paper. The map is the expected score when a pixel is seen: it has no zero, its lowest values are
 * those of pixels that do not matter.
 *
 * Petsiuk et al., "RISE: Randomized Input Sampling for Explanation of Black-box Models", BMVC 2018,
 * https://arxiv.org/abs/1806.07421
 *
 * The authors take 4,000 masks for VGG16 and 8,000 for ResNet50, and their code multiplies after pixels have been scaled, so
 * that what is hidden is about grey (`baseline: "mean"`).
 *
 * Besides the model's own run it holds a batch of photos and of masks, some megabytes.
 */
export const riseMethod: NamedMethod<"rise"> = {
  name: "rise",
  title: "RISE",
  description: "RISE: random masks weighted by the score of what they leave to be seen",
  at: "picture",
  relu: false,
  settings: { samples: 1000, cells: 7, visible: 0.5, seed: 0, baseline: "black" },
  cost: ({ settings: { samples = 1000 } }) => ({ pictureRuns: samples }),
  async map({ tf, picture, settings, random, baseline, pause }) {
    const { samples = 1000, cells = 7, visible = 0.5 } = settings;
    const x = await picture.activation();
    const hidden = await baseline(settings.baseline ?? "black");
    const [, height, width] = x.shape;
    const plan: MaskPlan = { height, width, cells, visible };
    const pixels = height * width;
    const drawn = random("masks");
    const values = await picture.values(samples, (from, to) => {
      const seen = new Float32Array((to - from) * pixels);
      for (let at = from; at < to; at++) {
        spreadMask(
          drawMask(plan, drawn),
          plan,
          seen.subarray((at - from) * pixels, (at - from + 1) * pixels),
        );
      }
      return tf.tidy(() => seenThrough(tf, { x, hidden }, tf.tensor4d(seen, [to - from, height, width, 1])));
    }, { name: runName("rise", settings) });
    const sums = new Float64Array(pixels);
    const one = new Float32Array(pixels);
    const again = random("masks"); // the same masks, rather than all of them in memory
    for (const value of values) {
      spreadMask(drawMask(plan, again), plan, one);
      for (let pixel = 0; pixel < pixels; pixel++) sums[pixel]! += value * one[pixel]!;
      await pause();
    }
    const map = Float32Array.from(sums, (sum) => sum / (samples * (visible || 1)));
    return { map: tf.tensor2d(map, [height, width]) };
  },
};
