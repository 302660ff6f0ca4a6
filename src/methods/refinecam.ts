import type { Tensor2D, Tensor3D, TensorFlow } from "../base/tensors.ts";
import { type AtLayer, paperWeights } from "./gradcam_plus_plus.ts";
import type { NamedMethod } from "./method.ts";

/** Grad-CAM++ of a layer before its ReLU, `[h, w, 1]`; owned by the caller's tidy. */
function gradcamPlusPlus(tf: TensorFlow, at: AtLayer): Tensor3D {
  return at.activation.squeeze<Tensor3D>([0]).mul(paperWeights(tf, at)).sum<Tensor3D>(-1, true);
}

/** A map without what is below 0, enlarged and scaled to 0 … 1. */
function scaled(tf: TensorFlow, map: Tensor3D, size: [number, number]): Tensor2D {
  const enlarged = tf.image.resizeBilinear(map.relu<Tensor3D>(), size, false, true).squeeze<Tensor2D>([2]);
  const lowest = enlarged.min();
  return enlarged.sub(lowest).div<Tensor2D>(enlarged.max().sub(lowest).add(1e-7));
}

/**
 * RefineCAM: M = Πₗ s(enlarge(relu(Lₗ))), the product of the maps L of several layers, each Grad-CAM++, enlarged to the input's size
 * (bilinear) and scaled to 0 … 1 by s: what a coarse map leaves out is left out of the finer ones, whose details remain. The
 * layers are the one that is asked for and, before it, the last of each finer resolution, four at most.
 *
 * Domeniconi et al., "How to Evaluate and Refine your CAM", 2026, https://arxiv.org/abs/2605.14641
 *
 * pytorch-grad-cam has the same product of maps of layers that its user names, by default of its own Grad-CAM++, which adds 1e-6
 * to α's denominator. The authors' own code tries other means besides the product.
 */
export const refinecamMethod: NamedMethod<"refinecam"> = {
  name: "refinecam",
  title: "RefineCAM",
  description: "RefineCAM: maps of several layers multiplied, from coarse to fine",
  at: "picture",
  relu: false,
  cost: ({ stages = [] }) => ({ layerGradients: 1, pictureGradients: Math.max(stages.length - 1, 0) }),
  async map(probe) {
    const { tf, layer, picture, stages } = probe;
    const [, height, width] = (await picture.activation()).shape;
    let product: Tensor2D = tf.ones([height, width]);
    try {
      for (const path of new Set([layer.path, ...stages])) {
        const place = probe.at(path);
        const at = { activation: await place.activation(), gradient: await place.gradient() };
        const next = tf.tidy(() => {
          const map = gradcamPlusPlus(tf, at);
          return product.mul<Tensor2D>(scaled(tf, map, [height, width]));
        });
        product.dispose();
        product = next;
        await probe.pause();
      }
      return { map: product.clone() };
    } finally {
      product.dispose();
    }
  },
};
