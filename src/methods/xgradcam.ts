import type { Tensor1D, Tensor3D } from "../base/tensors.ts";
import type { NamedMethod } from "./method.ts";

/** Keeps a channel that is 0 everywhere from dividing by zero. */
const eps = 1e-7;

/**
 * XGrad-CAM: L = relu(Σₖ wₖ·Aᵏ) with wₖ = Σᵢⱼ(g·A) / (ΣᵢⱼAᵏ + 1e-7); g = ∂y/∂A.
 *
 * pytorch-grad-cam and AUCMEDI compute the same, the latter without relu; torch-cam adds 1e-8.
 *
 * Fu et al., "Axiom-based Grad-CAM: Towards Accurate Visualization and Explanation of CNNs", BMVC 2020,
 * https://arxiv.org/abs/2008.02312
 */
export const xgradcamMethod: NamedMethod<"xgradcam"> = {
  name: "xgradcam",
  title: "XGrad-CAM",
  description: "XGrad-CAM: channels weighted by their gradients where they are active",
  at: "layer",
  relu: true,
  cost: () => ({ layerGradients: 1 }),
  async map({ tf, layer }) {
    const [activation, gradient] = [await layer.activation(), await layer.gradient()];
    return {
      map: tf.tidy(() => {
        const active = activation.sum<Tensor1D>([0, 1, 2]).add<Tensor1D>(eps); // [k]
        const weights = activation.mul(gradient).sum<Tensor1D>([0, 1, 2]).div<Tensor1D>(active); // [k]
        return activation.squeeze<Tensor3D>([0]).mul<Tensor3D>(weights);
      }),
    };
  },
};
