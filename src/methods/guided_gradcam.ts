import type { Tensor3D } from "../base/tensors.ts";
import { gradcamParts } from "./gradcam.ts";
import type { NamedMethod } from "./method.ts";
import { ruledGradient } from "./rectifiers.ts";

const title = "Guided Grad-CAM";

/**
 * Guided Grad-CAM: M_c = G_c · L, guided backpropagation G_c of each channel c times the map L = relu(Grad-CAM) of the layer, which
 * is brought to the input's size between the centres of its cells (bilinear); the raw map is their sum, with its sign.
 *
 * Selvaraju et al., "Grad-CAM: Visual Explanations from Deep Networks via Gradient-based Localization", ICCV 2017,
 * https://arxiv.org/abs/1610.02391
 *
 * captum's GuidedGradCam gives the same channel by channel, but enlarges L to the nearest cell unless told `"bilinear"`;
 * pytorch-grad-cam scales L to 0 … 1 first.
 */
export const guidedGradcamMethod: NamedMethod<"guidedgradcam"> = {
  name: "guidedgradcam",
  title,
  description: "Guided Grad-CAM: guided backpropagation where Grad-CAM looks",
  at: "picture",
  relu: false,
  cost: () => ({ layerGradients: 1, pictureGradients: 1 }),
  async map(probe) {
    const { tf, layer } = probe;
    const [activation, classGradient] = [await layer.activation(), await layer.gradient()];
    const { gradient, warnings } = await ruledGradient(probe, "guided", title);
    const [, height, width] = gradient.shape;
    const map = tf.tidy(() => {
      const cam = gradcamParts(activation, classGradient).sum<Tensor3D>(-1, true).relu(); // [h, w, 1]
      const enlarged = tf.image.resizeBilinear(cam as Tensor3D, [height, width], false, true); // [H, W, 1]
      return gradient.squeeze<Tensor3D>([0]).mul<Tensor3D>(enlarged);
    });
    gradient.dispose();
    return { map, warnings };
  },
};
