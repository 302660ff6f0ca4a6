import type { Tensor4D } from "../base/tensors.ts";
import { componentMap } from "./component_map.ts";
import type { NamedMethod } from "./method.ts";
import { firstPrincipalComponent } from "./principal/principal_component.ts";

/**
 * Eigen-Grad-CAM: L = relu(X·v), where X `[h·w, k]` is A·g less each channel's mean, and v its first principal axis;
 * g = ∂y/∂A. Its sign is chosen so that it goes with ΣₖAᵏgᵏ.
 *
 * It is pytorch-grad-cam's own, https://github.com/jacobgil/pytorch-grad-cam: Eigen-CAM that tells classes apart. There
 * the sign is left to chance.
 */
export const eigengradcamMethod: NamedMethod<"eigengradcam"> = {
  name: "eigengradcam",
  title: "Eigen-Grad-CAM",
  description: "Eigen-Grad-CAM: the first principal component of activations times gradients",
  at: "layer",
  relu: true,
  cost: () => ({ layerGradients: 1 }),
  async map({ tf, layer, pause }) {
    const [activation, gradient] = [await layer.activation(), await layer.gradient()];
    const product: Tensor4D = tf.mul(activation, gradient); // [1, h, w, k]
    try {
      return { map: await componentMap(tf, product, (rows) => firstPrincipalComponent(rows, pause)) };
    } finally {
      product.dispose();
    }
  },
};
