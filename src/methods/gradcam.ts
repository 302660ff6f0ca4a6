import type { Tensor1D, Tensor3D, Tensor4D } from "../base/tensors.ts";
import type { NamedMethod } from "./method.ts";

/**
 * Each channel's part in the map of Grad-CAM.
 *
 * @param activation A, `[1, h, w, k]`.
 * @param gradient ∂y / ∂A, `[1, h, w, k]`.
 * @returns αₖ·Aᵏ, `[h, w, k]`; owned by the caller's tidy.
 */
export function gradcamParts(activation: Tensor4D, gradient: Tensor4D): Tensor3D {
  const weights = gradient.mean<Tensor1D>([0, 1, 2]); // [k]
  return activation.squeeze<Tensor3D>([0]).mul(weights);
}

/**
 * Grad-CAM: L = Σₖ αₖ·Aᵏ with αₖ = mean over n, i, j of ∂y/∂Aᵏᵢⱼ.
 *
 * A is the layer's activation with k channels, y the class's score. The paper takes ReLU(L); the reference
 * implementation does not, so the pipeline applies it only when asked.
 *
 * Selvaraju et al., "Grad-CAM: Visual Explanations from Deep Networks via Gradient-based Localization",
 * ICCV 2017, https://arxiv.org/abs/1610.02391
 */
export const gradcamMethod: NamedMethod<"gradcam"> = {
  name: "gradcam",
  title: "Grad-CAM",
  description: "Grad-CAM: channels weighted by their mean gradient",
  at: "layer",
  relu: false,
  scale: "range",
  cost: () => ({ layerGradients: 1 }),
  async map({ tf, layer }) {
    const [activation, gradient] = [await layer.activation(), await layer.gradient()];
    return { map: tf.tidy(() => gradcamParts(activation, gradient)) };
  },
};
