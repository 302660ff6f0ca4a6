import type { Tensor3D } from "../base/tensors.ts";
import type { NamedMethod } from "./method.ts";

/**
 * Element-wise Grad-CAM: L = Σₖ relu(Aᵏ·gᵏ), element by element; g = ∂y/∂A.
 *
 * pytorch-grad-cam computes the same.
 *
 * Pillai and Pirsiavash, "Explainable Models with Consistent Interpretations", AAAI 2021,
 * https://doi.org/10.1609/aaai.v35i3.16344
 */
export const gradcamElementWiseMethod: NamedMethod<"gradcamelementwise"> = {
  name: "gradcamelementwise",
  title: "Element-wise Grad-CAM",
  description: "Element-wise Grad-CAM: positive products of activations and gradients, place by place",
  at: "layer",
  relu: true,
  cost: () => ({ layerGradients: 1 }),
  async map({ tf, layer }) {
    const [activation, gradient] = [await layer.activation(), await layer.gradient()];
    return { map: tf.tidy(() => activation.mul(gradient).relu().squeeze<Tensor3D>([0])) };
  },
};
