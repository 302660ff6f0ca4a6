import { componentMap } from "./component_map.ts";
import type { NamedMethod } from "./method.ts";
import { firstPrincipalComponent } from "./principal/principal_component.ts";

/**
 * Eigen-CAM: L = X·v, where X `[h·w, k]` is the layer's activation less each channel's mean, and v its first principal
 * axis. Its sign is chosen so that it goes with ΣₖAᵏ. It asks for no class: all of them have the same map.
 *
 * pytorch-grad-cam computes the same, leaves the sign to chance and cuts off what is below 0. The paper does not subtract
 * the mean.
 *
 * Muhammad and Yeasin, "Eigen-CAM: Class Activation Map using Principal Components", IJCNN 2020,
 * https://arxiv.org/abs/2008.00299
 */
export const eigencamMethod: NamedMethod<"eigencam"> = {
  name: "eigencam",
  title: "Eigen-CAM",
  description: "Eigen-CAM: the first principal component of the activations, whatever the class",
  at: "layer",
  relu: false,
  cost: () => ({}),
  async map({ tf, layer, pause }) {
    return {
      map: await componentMap(tf, await layer.activation(), (rows) => firstPrincipalComponent(rows, pause)),
    };
  },
};
