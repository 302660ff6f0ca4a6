import type { Tensor3D } from "../base/tensors.ts";
import type { NamedMethod } from "./method.ts";

/**
 * Input × gradient: M_c = x_c · ∂y/∂x_c for each channel c of the model's input, x as it goes into the model; the raw map is
 * their sum, with its sign. Of a network of rectifiers without biases the sum over all pixels is y.
 *
 * Shrikumar et al., "Not Just a Black Box: Learning Important Features Through Propagating Activation Differences", 2016,
 * https://arxiv.org/abs/1605.01713
 *
 * captum's InputXGradient gives the same channel by channel; others take magnitudes.
 */
export const inputXGradientMethod: NamedMethod<"inputxgradient"> = {
  name: "inputxgradient",
  title: "Input × gradient",
  description: "Input × gradient: what each pixel adds to the score where the network is linear",
  at: "picture",
  relu: false,
  cost: () => ({ pictureGradients: 1 }),
  async map({ tf, picture }) {
    const [x, gradient] = [await picture.activation(), await picture.gradient()];
    return { map: tf.tidy(() => x.mul(gradient).squeeze<Tensor3D>([0])) };
  },
};
