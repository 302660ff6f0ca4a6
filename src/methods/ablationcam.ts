import type { Tensor3D, Tensor4D, TensorFlow } from "../base/tensors.ts";
import { channelCount, mostVaried, takeChannels } from "./channels.ts";
import type { NamedMethod } from "./method.ts";
import { runName } from "./run_name.ts";

/**
 * An activation without one of its channels, for each of some channels.
 *
 * @param activation `[1, h, w, k]`.
 * @returns `[channels.length, h, w, k]`; owned by the caller's tidy.
 */
function without(tf: TensorFlow, activation: Tensor4D, channels: readonly number[]): Tensor4D {
  const all = activation.shape[3];
  const kept = new Float32Array(channels.length * all).fill(1);
  channels.forEach((channel, at) => kept[at * all + channel] = 0);
  // One product for all of them: the mask is the same for all pixels.
  return activation.mul(tf.tensor4d(kept, [channels.length, 1, 1, all]));
}

/**
 * Ablation-CAM: L = Σₖ wₖ·Aᵏ with wₖ = (y − yₖ) / y.
 *
 * y is the target's value, yₖ what it is when the channel k is set to 0. Where y is 0, wₖ is −yₖ, which gives the same map
 * up to its scale. Only what follows the layer is run again. The paper takes ReLU(L).
 *
 * Desai & Ramaswamy, "Ablation-CAM: Visual Explanations for Deep Convolutional Network via Gradient-free Localization",
 * WACV 2020, https://openaccess.thecvf.com/content_WACV_2020/html/Desai_Ablation-CAM_Visual_Explanations_for_Deep_Convolutional_Network_via_Gradient-free_Localization_WACV_2020_paper.html
 *
 * pytorch-grad-cam computes the same where the layer's least value is 0; else it sets channels to far below it rather than to
 * 0.
 *
 * Besides the model's own run it holds a batch of activations, some megabytes.
 */
export const ablationcamMethod: NamedMethod<"ablationcam"> = {
  name: "ablationcam",
  title: "Ablation-CAM",
  description: "Ablation-CAM: channels weighted by how far the score falls without them",
  at: "layer",
  relu: true,
  settings: { channels: 0 },
  cost: (scope) => ({ layerRuns: channelCount(scope) }),
  async map({ tf, layer, settings, value }) {
    const activation = await layer.activation();
    const count = channelCount({ layer: activation.shape, settings });
    const channels = await mostVaried(activation, count);
    const whole = await value();
    const ablated = await layer.values(
      count,
      (from, to) => tf.tidy(() => without(tf, activation, channels.slice(from, to))),
      { name: runName("ablationcam", { count }) },
    );
    const weights = ablated.map((score) => (whole - score) / (whole || 1)); // [n]
    const map = tf.tidy(() =>
      takeChannels(tf, activation, channels).squeeze<Tensor3D>([0]).mul<Tensor3D>(weights)
    );
    const warning =
      "The score is below zero: Ablation-CAM divides by it, so that its map shows what speaks against the target";
    return { map, warnings: whole < 0 ? [warning] : [] };
  },
};
