import type { NamedMethod } from "./method.ts";
import { mapNoisy, noisyCost, noisySettings } from "./noise.ts";
import { largestOfChannels } from "./saliency.ts";

/**
 * SmoothGrad: the gradient's mean over noisy copies of the photo, ḡ = (1/n) Σᵢ ∂y/∂x at x + σ·εᵢ with σ = noise · (max x −
 * min x), then as saliency has it M = max over the channels c of |ḡ_c|. The same seed gives the same noise.
 *
 * Smilkov et al., "SmoothGrad: removing noise by adding noise", 2017, https://arxiv.org/abs/1706.03825
 *
 * tf-keras-vis takes mean, magnitude and maximum in this order, too. captum's NoiseTunnel gives ḡ channel by channel, of the
 * attribution that it is put around: of its Saliency the mean of magnitudes, unless that is told `abs=False`; its σ is
 * absolute.
 */
export const smoothgradMethod: NamedMethod<"smoothgrad"> = {
  name: "smoothgrad",
  title: "SmoothGrad",
  description: "SmoothGrad: saliency of the mean gradient of noisy photos",
  at: "picture",
  relu: false,
  settings: noisySettings,
  cost: noisyCost,
  map: (probe) => mapNoisy(probe, ({ mean }) => largestOfChannels(mean)),
};
