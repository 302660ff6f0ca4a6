import type { Tensor4D } from "../base/tensors.ts";
import type { MethodCost, MethodResult, MethodScope } from "./method.ts";
import type { Probe } from "./probe.ts";
import type { MethodSettings } from "./settings.ts";

/** What methods that look at noisy photos are told unless the user says otherwise. */
export const noisySettings = { samples: 25, noise: 0.15, seed: 0 } as const satisfies MethodSettings;

/** What such a method computes: a gradient for each noisy photo. */
export function noisyCost({ settings: { samples = noisySettings.samples } }: MethodScope): MethodCost {
  return { pictureGradients: samples };
}

/** Fill an array with numbers of the standard normal distribution (Box and Muller). */
function fillNormal(numbers: Float32Array, random: () => number): void {
  for (let at = 0; at < numbers.length; at += 2) {
    const radius = Math.sqrt(-2 * Math.log(1 - random())), angle = 2 * Math.PI * random();
    numbers[at] = radius * Math.cos(angle);
    if (at + 1 < numbers.length) numbers[at + 1] = radius * Math.sin(angle);
  }
}

/** Mean and variance of gradients, `[1, H, W, C]` each. */
export interface GradientMoments {
  readonly mean: Tensor4D;
  /** The mean squared distance from the mean. */
  readonly variance: Tensor4D;
}

/**
 * Mean and variance of ∂y/∂x at noisy copies of the photo: x + σ·ε with ε of the standard normal distribution and
 * σ = noise · (max x − min x), as SmoothGrad has it. The copies are made and gone over one by one, so that nothing but
 * one pass and two sums lies in memory. They become the caller's.
 */
async function noisyGradients(probe: Probe): Promise<GradientMoments> {
  const { tf, picture, settings: { samples = noisySettings.samples, noise = noisySettings.noise } } = probe;
  const x = await picture.activation();
  const random = probe.random("noise");
  const range = tf.tidy(() => x.max().sub(x.min()));
  const [width] = await range.data();
  range.dispose();
  let mean: Tensor4D | undefined, squares: Tensor4D | undefined;
  const numbers = new Float32Array(x.size);
  try {
    for (let sample = 1; sample <= samples; sample++) {
      await probe.pause();
      fillNormal(numbers, random);
      const noisy = tf.tidy(() => x.add<Tensor4D>(tf.tensor4d(numbers, x.shape).mul(noise * width!)));
      const { gradient } = await picture.gradientAt(noisy).finally(() => noisy.dispose());
      const before: Tensor4D = mean ?? tf.zerosLike(gradient),
        sum: Tensor4D = squares ?? tf.zerosLike(gradient);
      // Welford's sums, since the difference of two means of squares would be rounding where gradients hardly differ.
      [mean, squares] = tf.tidy(() => {
        const distance = gradient.sub(before);
        const after = before.add<Tensor4D>(distance.div(sample));
        return [after, sum.add<Tensor4D>(distance.mul(gradient.sub(after)))];
      });
      tf.dispose([gradient, before, sum]);
    }
    return { mean: mean!.clone(), variance: squares!.div(samples) };
  } finally {
    tf.dispose([mean ?? [], squares ?? []].flat());
  }
}

/**
 * A map made of the gradients at noisy photos.
 *
 * @param probe What they are asked of.
 * @param make Makes it of their moments; what it makes besides is tidied.
 */
export async function mapNoisy(
  probe: Probe,
  make: (moments: GradientMoments) => MethodResult["map"],
): Promise<MethodResult> {
  const { mean, variance } = await noisyGradients(probe);
  try {
    return { map: probe.tf.tidy(() => make({ mean, variance })) };
  } finally {
    probe.tf.dispose([mean, variance]);
  }
}
