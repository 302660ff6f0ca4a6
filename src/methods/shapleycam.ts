import type { Tensor3D } from "../base/tensors.ts";
import { costAlong, gradientsAlong } from "./gradients_along.ts";
import type { NamedMethod } from "./method.ts";

/**
 * ShapleyCAM: L = relu(Σₖ wₖ·Aᵏ) with wₖ = mean over i, j of (g − ½·H·A)ₖᵢⱼ; g = ∂y/∂A, and H·A is the Hessian of y by A
 * times A itself: how the gradient changes as all activations grow in proportion.
 *
 * H·A is a difference of gradients on both sides (see `gradientsAlong`), during which rectifiers pass what they pass for A;
 * pytorch-grad-cam goes back twice, which is the same.
 *
 * Cai, "CAMs as Shapley Value-based Explainers", 2025, https://arxiv.org/abs/2501.06261
 */
export const shapleycamMethod: NamedMethod<"shapleycam"> = {
  name: "shapleycam",
  title: "ShapleyCAM",
  description: "ShapleyCAM: as Grad-CAM, with how the gradient itself changes; for outputs, not logits",
  at: "layer",
  relu: true,
  cost: () => costAlong(1),
  async map({ tf, layer }) {
    const [activation, gradient] = [await layer.activation(), await layer.gradient()];
    const { first, second } = await gradientsAlong(tf, layer, activation);
    const map = tf.tidy(() => {
      const weights = gradient.sub(first.mul(0.5)).mean([0, 1, 2]); // [k]
      return activation.squeeze<Tensor3D>([0]).mul<Tensor3D>(weights);
    });
    tf.dispose([first, second]);
    return { map };
  },
};
