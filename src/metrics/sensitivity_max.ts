import type { Heatmap } from "../base/heatmap.ts";
import type { Tensor4D } from "../base/tensors.ts";
import type { NamedMetric } from "./metric.ts";
import type { Subject } from "./subject.ts";

/** How long a vector is. */
function norm(values: Float32Array): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value ** 2, 0));
}

/** How far a map is from another, as a part of the length of that. */
export function distanceFrom({ data: from }: Heatmap, { data: to }: Heatmap): number {
  return norm(to.map((value, at) => value - from[at]!)) / norm(from);
}

/** The photo with noise, evenly between −r and r of the range of its numbers. */
async function withNoise({ tf, picture }: Subject, radius: number, random: () => number): Promise<Tensor4D> {
  const x = await picture();
  const data = await x.data();
  const numbers = Float32Array.from(data);
  const least = numbers.reduce((a, b) => Math.min(a, b), Infinity);
  const most = numbers.reduce((a, b) => Math.max(a, b), -Infinity);
  const reach = radius * (most - least);
  const noisy = numbers.map((value) => value + (2 * random() - 1) * reach);
  return tf.tidy(() => {
    const made = tf.tensor4d(noisy, x.shape);
    return x.dtype === "float32" ? made : made.round().cast<Tensor4D>(x.dtype);
  });
}

/**
 * Sensitivity-max: how far the map moves at most when there is hardly any noise on the photo, max ‖L(x + ε) − L(x)‖ / ‖L(x)‖ over
 * `samples` photos with noise ε evenly between −r and r, r a part of the range of the photo's numbers, `radius`.
 *
 * Yeh et al., "On the (In)fidelity and Sensitivity of Explanations", NeurIPS 2019, https://arxiv.org/abs/1901.09392
 *
 * It is captum's `sensitivity_max` for the same noise; captum's radius is in the numbers of the model's input.
 */
export const sensitivityMaxMetric: NamedMetric<"sensitivitymax"> = {
  name: "sensitivitymax",
  title: "Sensitivity-max",
  description: "How far the map moves at most when there is hardly any noise on the photo",
  kind: "robustness",
  better: "lower",
  range: [0, Number.MAX_VALUE],
  needs: "maps",
  settings: { samples: 10, radius: 0.02, seed: 0 },
  cost: ({ settings: { samples = 10 } }) => ({ maps: samples }),
  async measure(subject) {
    const { samples = 10, radius = 0.02 } = subject.settings;
    const random = subject.random("sensitivitymax");
    let most = 0;
    for (let sample = 0; sample < samples; sample++) {
      const picture = await withNoise(subject, radius, random);
      try {
        most = Math.max(most, distanceFrom(subject.pixels, await subject.mapOf(picture)));
      } finally {
        picture.dispose();
      }
      await subject.pause();
    }
    return { value: most };
  },
};
