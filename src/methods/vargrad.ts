import type { Tensor3D } from "../base/tensors.ts";
import type { NamedMethod } from "./method.ts";
import { mapNoisy, noisyCost, noisySettings } from "./noise.ts";

/**
 * VarGrad: the variance of the gradient over noisy copies of the photo, M_c = (1/n) Σᵢ gᵢ² − ((1/n) Σᵢ gᵢ)² for each channel c,
 * with gᵢ = ∂y/∂x_c at x + σ·εᵢ and σ = noise · (max x − min x); the raw map is their sum.
 *
 * Adebayo et al., "Local Explanation Methods for Deep Neural Networks Lack Sensitivity to Parameter Values", 2018,
 * https://arxiv.org/abs/1810.03307; Seo et al., "Noise-adding Methods of Saliency Map as Series of Higher Order Partial
 * Derivative", 2018, https://arxiv.org/abs/1806.03000
 *
 * captum's NoiseTunnel of type vargrad around Saliency with `abs=False` gives the same channel by channel; its σ is absolute.
 */
export const vargradMethod: NamedMethod<"vargrad"> = {
  name: "vargrad",
  title: "VarGrad",
  description: "VarGrad: the variance of the gradients of noisy photos",
  at: "picture",
  relu: false,
  settings: noisySettings,
  cost: noisyCost,
  map: (probe) => mapNoisy(probe, ({ variance }) => variance.squeeze<Tensor3D>([0])),
};
