import type * as tf from "../base/tfjs.ts";
import type { NamedMethod } from "./method.ts";

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
  description: "Grad-CAM: channels weighted by their mean gradient",
  map(activation, gradient) {
    const weights = gradient.mean<tf.Tensor1D>([0, 1, 2]); // [k]
    const weighted = activation.squeeze<tf.Tensor3D>([0]).mul(weights); // [h, w, k]
    return weighted.sum<tf.Tensor2D>(-1); // [h, w]
  },
};
