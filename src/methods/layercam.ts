import { type Heatmap, resizeHeatmap } from "../base/heatmap.ts";
import type { Tensor3D } from "../base/tensors.ts";
import type { NamedMethod } from "./method.ts";

/** How much what is faint in shallow layers is brought out. */
const gamma = 2;

function largestOf({ data }: Heatmap): number {
  return data.reduce((most, value) => Math.max(most, value), 0);
}

/**
 * LayerCAM's way to make one map of several layers': the element-wise maximum of m / max m, and of shallow layers, whose
 * values are low beside it, tanh(γ·m / max m) with γ = 2. The paper's shallow layers are the first three of VGG16's five
 * stages, whose grids are four times as fine as the last stage's or more: so are they told here.
 *
 * @param maps The maps, none of them below 0.
 * @returns As large as the largest of them.
 */
export function fuseLayercam(maps: readonly Heatmap[]): Heatmap {
  const finest = maps.reduce((one, other) => other.data.length > one.data.length ? other : one);
  const coarsest = maps.reduce((one, other) => other.data.length < one.data.length ? other : one);
  const scaled = maps.map((map) => {
    const isShallow = map.height >= 4 * coarsest.height && map.width >= 4 * coarsest.width;
    const most = largestOf(map) || 1;
    const data = map.data.map((value) => isShallow ? Math.tanh(gamma * value / most) : value / most);
    return resizeHeatmap({ ...map, data }, finest);
  });
  return {
    ...finest,
    data: finest.data.map((_, at) => scaled.reduce((most, { data }) => Math.max(most, data[at]!), 0)),
  };
}

/**
 * LayerCAM: L = relu(Σₖ relu(gᵏ)·Aᵏ), element by element; g = ∂y/∂A. It serves inner layers, whose gradients differ from
 * place to place; those of several layers are fused in the paper's way, see {@linkcode fuseLayercam}.
 *
 * pytorch-grad-cam and torch-cam compute the same; of several layers the former takes the mean, and the latter the maximum
 * of tanh(γ·m) for shallow and deep ones alike.
 *
 * Jiang et al., "LayerCAM: Exploring Hierarchical Class Activation Maps for Localization", IEEE TIP 2021,
 * https://doi.org/10.1109/TIP.2021.3089943
 */
export const layercamMethod: NamedMethod<"layercam"> = {
  name: "layercam",
  title: "LayerCAM",
  description: "LayerCAM: activations times positive gradients, place by place; good at inner layers",
  at: "layer",
  relu: true,
  fuse: fuseLayercam,
  cost: () => ({ layerGradients: 1 }),
  async map({ tf, layer }) {
    const [activation, gradient] = [await layer.activation(), await layer.gradient()];
    return { map: tf.tidy(() => gradient.relu().mul(activation).squeeze<Tensor3D>([0])) };
  },
};
