import { componentMap } from "./component_map.ts";
import { firstKernelComponent } from "./principal/kernel_component.ts";
import type { NamedMethod } from "./method.ts";

/**
 * KPCA-CAM: the first component of a kernel principal component analysis of the activations. With xᵢ the k activations of
 * place i and K_ij = exp(−‖xᵢ − xⱼ‖² / k), centred, L = u·√λ for the largest eigenvalue λ of K and its eigenvector u. Its
 * sign is chosen so that it goes with ΣₖAᵏ. It asks for no class: all of them have the same map.
 *
 * pytorch-grad-cam computes the same when told `kernel="rbf"`, takes a sigmoid kernel when told nothing, leaves the sign to
 * chance and cuts off what is below 0. The kernel has (h·w)² numbers: more than 4,096 places are refused.
 *
 * Karmani et al., "KPCA-CAM: Visual Explainability of Deep Computer Vision Models using Kernel PCA", 2024,
 * https://arxiv.org/abs/2410.00267
 */
export const kpcacamMethod: NamedMethod<"kpcacam"> = {
  name: "kpcacam",
  title: "KPCA-CAM",
  description: "KPCA-CAM: the first kernel principal component of the activations, whatever the class",
  at: "layer",
  relu: false,
  cost: () => ({}),
  async map({ tf, layer, pause }) {
    return {
      map: await componentMap(tf, await layer.activation(), (rows) => firstKernelComponent(rows, pause)),
    };
  },
};
