import type { Tensor3D } from "../base/tensors.ts";
import type { NamedMethod } from "./method.ts";
import { ruledGradient } from "./rectifiers.ts";

const title = "Deconvolution";

/**
 * Deconvolution: ∂y/∂x where each rectifier rectifies what comes back instead of what it took, R = g · [g > 0]. Maxima hand back to
 * where they came from, as the paper's switches do. The parts are those of the channels, the raw map is their sum, with its
 * sign.
 *
 * Zeiler, Fergus, "Visualizing and Understanding Convolutional Networks", ECCV 2014, https://arxiv.org/abs/1311.2901
 *
 * captum gives the same channel by channel, and exchanges modules of the class ReLU alone.
 */
export const deconvolutionMethod: NamedMethod<"deconvolution"> = {
  name: "deconvolution",
  title,
  description: "Deconvolution: the gradient, which rectifiers rectify on its way back",
  at: "picture",
  relu: false,
  cost: () => ({ pictureGradients: 1 }),
  async map(probe) {
    const { gradient, warnings } = await ruledGradient(probe, "deconvolution", title);
    const map = probe.tf.tidy(() => gradient.squeeze<Tensor3D>([0]));
    gradient.dispose();
    return { map, warnings };
  },
};
