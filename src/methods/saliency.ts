import type { Tensor2D, Tensor3D, Tensor4D } from "../base/tensors.ts";
import type { NamedMethod } from "./method.ts";

/**
 * How much each pixel counts, whatever its sign: the largest |∂y/∂x| of its channels.
 *
 * @param gradient ∂y / ∂x, `[1, H, W, C]`.
 * @returns `[H, W]`; owned by the caller's tidy.
 */
export function largestOfChannels(gradient: Tensor4D): Tensor2D {
  return gradient.squeeze<Tensor3D>([0]).abs().max<Tensor2D>(-1);
}

/** The largest gradient of each pixel's channels with its sign, as AUCMEDI has it: `[1, H, W, C]` → `[H, W]`. */
export function signedLargest(gradient: Tensor4D): Tensor2D {
  return gradient.squeeze<Tensor3D>([0]).max<Tensor2D>(-1);
}

/**
 * Saliency: M = max over the channels c of |∂y/∂x_c|, at each pixel of the model's input.
 *
 * Simonyan, Vedaldi, Zisserman, "Deep Inside Convolutional Networks: Visualising Image Classification Models and
 * Saliency Maps", ICLR workshop 2014, https://arxiv.org/abs/1312.6034
 *
 * captum's Saliency gives |∂y/∂x| channel by channel, tf-keras-vis the maximum as here. AUCMEDI takes the largest gradient with
 * its sign, max over c of ∂y/∂x_c, as `variant: "aucmedi"` does here.
 */
export const saliencyMethod: NamedMethod<"saliency"> = {
  name: "saliency",
  title: "Saliency",
  description: "Saliency: the largest gradient of each pixel's channels, whatever its sign",
  at: "picture",
  relu: false,
  settings: { variant: "paper" },
  cost: () => ({ pictureGradients: 1 }),
  async map({ tf, picture, settings: { variant } }) {
    const gradient = await picture.gradient();
    const reduce = variant === "aucmedi" ? signedLargest : largestOfChannels;
    return { map: tf.tidy(() => reduce(gradient)) };
  },
};
