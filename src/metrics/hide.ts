import type { Tensor4D } from "../base/tensors.ts";
import type { Baseline } from "../methods/settings.ts";
import { seenThrough } from "../methods/masked.ts";
import type { Subject } from "./subject.ts";

/**
 * The scores of a picture of which parts are hidden.
 *
 * @param subject The map and its picture.
 * @param baseline What stands for what is hidden: it is made before the model's scaling, so that black is black.
 * @param count How many pictures.
 * @param seenOf Writes how much of each pixel is seen, 0 to 1, one number a pixel whatever the number of channels.
 */
export async function valuesOfHidden(
  { tf, picture, baseline: makeBaseline, values, pause }: Subject,
  baseline: Baseline,
  count: number,
  seenOf: (at: number, into: Float32Array) => void,
): Promise<Float32Array> {
  const x = await picture(), hidden = await makeBaseline(baseline);
  const [, height, width] = x.shape;
  const pixels = height * width;
  return await values(count, async (from, to) => {
    const seen = new Float32Array((to - from) * pixels);
    for (let at = from; at < to; at++) {
      seenOf(at, seen.subarray((at - from) * pixels, (at - from + 1) * pixels));
      await pause();
    }
    return tf.tidy((): Tensor4D =>
      seenThrough(tf, { x, hidden }, tf.tensor4d(seen, [to - from, height, width, 1]))
    );
  });
}
