import type { Tensor3D, Tensor4D, TensorFlow } from "../base/tensors.ts";
import { channelCount, mostVaried, takeChannels } from "./channels.ts";
import type { NamedMethod } from "./method.ts";
import { runName } from "./run_name.ts";

/**
 * Activations as masks over the photo: each brought to its size bilinearly, and scaled to 0 … 1. One that is the same
 * everywhere lets nothing through.
 *
 * @param maps One channel each, `[n, h, w, 1]`.
 * @returns `[n, height, width, 1]`; owned by the caller's tidy.
 */
function asMasks(tf: TensorFlow, maps: Tensor4D, [, height, width]: readonly number[]): Tensor4D {
  const large = tf.image.resizeBilinear(maps, [height!, width!], false, true);
  const least = large.min([1, 2], true); // [n, 1, 1, 1]
  const range = large.max([1, 2], true).sub(least); // likewise
  const flat = range.equal(0).cast("float32");
  return large.sub(least).div<Tensor4D>(range.add(flat));
}

/** Positive weights whose sum is 1, in double precision. */
function softmax(values: Float32Array): Float32Array {
  const largest = values.reduce((a, b) => Math.max(a, b), -Infinity);
  const powers = Float64Array.from(values, (value) => Math.exp(value - largest));
  const sum = powers.reduce((a, b) => a + b, 0);
  return Float32Array.from(powers, (power) => power / sum);
}

/**
 * Score-CAM: L = Σₖ αₖ·Aᵏ with α = softmax over the channels of y(x ∘ Mᵏ) − y(x_b).
 *
 * Mᵏ is the channel Aᵏ, brought to the size of the model's input bilinearly (half-pixel centres) and then scaled to 0 … 1;
 * x ∘ Mᵏ is the model's input times the mask, so that what is hidden becomes the number 0. The score of the baseline,
 * y(x_b), is the same for all channels and leaves the softmax as it is, so that it is not computed. The paper takes for y the
 * logit of the class (option `score: "logit"`): of probabilities, which lie near each other, the softmax makes nearly the same
 * weight for all channels. The paper takes ReLU(L).
 *
 * Wang et al., "Score-CAM: Score-Weighted Visual Explanations for Convolutional Neural Networks", CVPR Workshops 2020,
 * https://arxiv.org/abs/1910.01279
 *
 * pytorch-grad-cam aligns the corners of its masks instead. torch-cam scales before it brings masks to size. The authors'
 * own code takes probabilities for the weights and no softmax over the channels, and leaves out channels that are the same
 * everywhere.
 *
 * Besides the model's own run it holds a batch of photos and of masks, together some megabytes.
 */
export const scorecamMethod: NamedMethod<"scorecam"> = {
  name: "scorecam",
  title: "Score-CAM",
  description: "Score-CAM: channels weighted by the score of the photo seen through them",
  at: "layer",
  relu: true,
  settings: { channels: 0 },
  cost: (scope) => ({ pictureRuns: channelCount(scope) }),
  async map({ tf, layer, picture, settings }) {
    const [activation, x] = [await layer.activation(), await picture.activation()];
    const count = channelCount({ layer: activation.shape, settings });
    const channels = await mostVaried(activation, count);
    const taken = tf.tidy(() => takeChannels(tf, activation, channels)); // [1, h, w, n]
    const maps = tf.tidy(() => taken.transpose<Tensor4D>([3, 1, 2, 0])); // [n, h, w, 1]
    try {
      const scores = await picture.values(count, (from, to) =>
        tf.tidy(() => {
          const some = maps.slice([from, 0, 0, 0], [to - from, -1, -1, -1]);
          return x.mul<Tensor4D>(asMasks(tf, some, x.shape)); // [to - from, H, W, C]
        }), { name: runName("scorecam", { count }) });
      return { map: tf.tidy(() => taken.squeeze<Tensor3D>([0]).mul<Tensor3D>(softmax(scores))) };
    } finally {
      tf.dispose([taken, maps]);
    }
  },
};
