import type { Tensor, Tensor2D, Tensor3D, Tensor4D, TensorFlow } from "../base/tensors.ts";
import { gradcamParts } from "./gradcam.ts";
import type { NamedMethod } from "./method.ts";
import { ruledGradient } from "./rectifiers.ts";
import { signedLargest } from "./saliency.ts";

const title = "Guided Grad-CAM";

/** Added to what AUCMEDI divides by. */
const aucmediEps = 1e-8;

/** A map, `[h, w, 1]`, at the input's size, between the centres of its cells: `[H, W, 1]`. */
function enlarge({ image }: TensorFlow, map: Tensor3D, { shape: [, height, width] }: Tensor4D): Tensor3D {
  return image.resizeBilinear(map, [height, width], false, true);
}

/** (m − min) / (max − min + eps) */
function scaled<Rank extends Tensor>(map: Rank): Rank {
  const least = map.min();
  return map.sub(least).div<Rank>(map.max().sub(least).add(aucmediEps));
}

/** AUCMEDI's, of the two maps each scaled to 0 … 1, Grad-CAM's without ReLU: `[H, W]`. */
function multiplyScaled(tf: TensorFlow, parts: Tensor3D, gradient: Tensor4D): Tensor2D {
  const cam = scaled(parts.sum<Tensor3D>(-1, true)); // [h, w, 1]
  return scaled(signedLargest(gradient)).mul<Tensor2D>(enlarge(tf, cam, gradient).squeeze([2]));
}

/** The paper's, channel by channel: `[H, W, C]`. */
function multiplyRectified(tf: TensorFlow, parts: Tensor3D, gradient: Tensor4D): Tensor3D {
  const cam = parts.sum<Tensor3D>(-1, true).relu<Tensor3D>(); // [h, w, 1]
  return gradient.squeeze<Tensor3D>([0]).mul<Tensor3D>(enlarge(tf, cam, gradient));
}

/**
 * Guided Grad-CAM: M_c = G_c · L, guided backpropagation G_c of each channel c times the map L = relu(Grad-CAM) of the layer, which
 * is brought to the input's size between the centres of its cells (bilinear); the raw map is their sum, with its sign.
 *
 * Selvaraju et al., "Grad-CAM: Visual Explanations from Deep Networks via Gradient-based Localization", ICCV 2017,
 * https://arxiv.org/abs/1610.02391
 *
 * captum's GuidedGradCam gives the same channel by channel, but enlarges L to the nearest cell unless told `"bilinear"`;
 * pytorch-grad-cam scales L to 0 … 1 first. AUCMEDI multiplies its own two maps, each scaled to 0 … 1: the largest of the channels
 * instead of each, and Grad-CAM without ReLU; `variant: "aucmedi"` does the same.
 */
export const guidedGradcamMethod: NamedMethod<"guidedgradcam"> = {
  name: "guidedgradcam",
  title,
  description: "Guided Grad-CAM: guided backpropagation where Grad-CAM looks",
  at: "picture",
  relu: false,
  settings: { variant: "paper" },
  cost: () => ({ layerGradients: 1, pictureGradients: 1 }),
  async map(probe) {
    const { tf, layer } = probe;
    const [activation, classGradient] = [await layer.activation(), await layer.gradient()];
    const { gradient, warnings } = await ruledGradient(probe, "guided", title);
    const multiply = probe.settings.variant === "aucmedi" ? multiplyScaled : multiplyRectified;
    const map = tf.tidy(() => multiply(tf, gradcamParts(activation, classGradient), gradient));
    gradient.dispose();
    return { map, warnings };
  },
};
