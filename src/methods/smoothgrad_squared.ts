import type { Tensor3D } from "../base/tensors.ts";
import type { NamedMethod } from "./method.ts";
import { mapNoisy, noisyCost, noisySettings } from "./noise.ts";

/**
 * SmoothGrad squared: the mean square of the gradient over noisy copies of the photo, M_c = (1/n) Σᵢ (∂y/∂x_c at x + σ·εᵢ)² for
 * each channel c with σ = noise · (max x − min x); the raw map is their sum.
 *
 * Hooker et al., "A Benchmark for Interpretability Methods in Deep Neural Networks", NeurIPS 2019,
 * https://arxiv.org/abs/1806.10758
 *
 * captum's NoiseTunnel of type smoothgrad_sq around Saliency gives the same channel by channel; its σ is absolute.
 */
export const smoothgradSquaredMethod: NamedMethod<"smoothgradsquared"> = {
  name: "smoothgradsquared",
  title: "SmoothGrad squared",
  description: "SmoothGrad squared: the mean square of the gradients of noisy photos",
  at: "picture",
  relu: false,
  settings: noisySettings,
  cost: noisyCost,
  map: (probe) => mapNoisy(probe, ({ mean, variance }) => mean.square().add(variance).squeeze<Tensor3D>([0])),
};
