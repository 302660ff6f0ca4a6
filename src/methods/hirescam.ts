import type { Tensor3D } from "../base/tensors.ts";
import type { NamedMethod } from "./method.ts";

/**
 * HiResCAM: L = Σₖ Aᵏ·gᵏ, element by element; g = ∂y/∂A. It has values of both signs: for a network that ends in pools and
 * one dense layer they are what each place adds to the score.
 *
 * AUCMEDI computes the same; pytorch-grad-cam cuts off what is below 0.
 *
 * Draelos and Carin, "Use HiResCAM instead of Grad-CAM for faithful explanations of convolutional neural networks", 2020,
 * https://arxiv.org/abs/2011.08891
 */
export const hirescamMethod: NamedMethod<"hirescam"> = {
  name: "hirescam",
  title: "HiResCAM",
  description: "HiResCAM: activations times gradients, place by place; both signs",
  at: "layer",
  sumsAtPlaces: true,
  relu: false,
  cost: () => ({ layerGradients: 1 }),
  async map({ tf, layer }) {
    const [activation, gradient] = [await layer.activation(), await layer.gradient()];
    return { map: tf.tidy(() => activation.mul(gradient).squeeze<Tensor3D>([0])) };
  },
};
