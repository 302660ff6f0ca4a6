import type { Tensor, Tensor2D, Tensor3D, TensorFlow } from "../base/tensors.ts";
import { completenessError, completenessWarnings } from "./completeness.ts";
import type { NamedMethod } from "./method.ts";

/** Each channel's magnitudes scaled to 0 … 1, enlarged to a size bilinearly, and summed: `[H, W]`. */
function scaledSum(tf: TensorFlow, part: Tensor, [height, width]: readonly [number, number]): Tensor2D {
  const sizes = part.rank === 4 ? part.shape.slice(1, 3) : [1, 1]; // of dense layers: the same everywhere
  const magnitudes = part.abs().reshape<Tensor3D>([sizes[0]!, sizes[1]!, -1]); // [h, w, k]
  const lowest = magnitudes.min([0, 1], true);
  const range = magnitudes.max([0, 1], true).sub(lowest).add(1e-7);
  const scaled = magnitudes.sub(lowest).div<Tensor3D>(range);
  const summed = (tensor: Tensor3D) => tensor.sum<Tensor3D>(-1, true);
  // Enlarging is linear: the sum is enlarged instead of each.
  return tf.image.resizeBilinear(summed(scaled), [height, width], false, true).squeeze<Tensor2D>([2]);
}

/**
 * FullGrad: M = Σ_c ψ(|x_c · ∂y/∂x_c|) + Σ_b Σ_k ψ(|b_k · ∂y/∂z_k|) over the input's channels c, and the channels k of what each bias b in
 * the network is added to, z. Biases are those of convolutions and of dense layers that keep a picture's height and width, and
 * the shifts of batch norms, β − μγ/σ. ψ scales each channel's map to 0 … 1 by its smallest and largest value and enlarges it
 * to the input's size (bilinear).
 *
 * Without ψ and magnitudes the sum of all parts is y, where the network is piecewise linear: `completenessError` is
 * |Σ x·∂y/∂x + Σ b·∂y/∂z − y| / |y|, of all biases. A warning says where it is over 5 %, as behind a softmax or with curved
 * activations.
 *
 * Srinivas, Fleuret, "Full-Gradient Representation for Neural Network Visualization", NeurIPS 2019,
 * https://arxiv.org/abs/1905.00780
 *
 * pytorch-grad-cam scales and sums the same parts; the authors' own code scales all channels of the input, and of each bias, by
 * their common smallest and largest value, and enlarges from corner to corner. In a converted graph batch norms are folded
 * into the convolutions before them, so that the biases of both count as one.
 */
export const fullgradMethod: NamedMethod<"fullgrad"> = {
  name: "fullgrad",
  title: "FullGrad",
  description: "FullGrad: input × gradient and bias × gradient of all layers together",
  at: "picture",
  relu: false,
  cost: () => ({ pictureGradients: 1 }),
  async map({ tf, picture }) {
    const x = await picture.activation();
    const [, height, width] = x.shape;
    let map: Tensor2D = tf.zeros<Tensor2D["rankType"]>([height, width]);
    let sum = tf.scalar(0) as Tensor;
    const add = (part: Tensor) => {
      const [nextMap, nextSum] = tf.tidy(() => [
        part.rank === 4 ? map.add<Tensor2D>(scaledSum(tf, part, [height, width])) : map.clone(),
        sum.add(part.sum()),
      ]) as [Tensor2D, Tensor];
      tf.dispose([map, sum]);
      [map, sum] = [nextMap, nextSum];
    };
    try {
      const { value, gradient } = await picture.biasGradients(add);
      const part = x.mul(gradient);
      gradient.dispose();
      add(part);
      part.dispose();
      const error = completenessError((await sum.data())[0]!, value);
      const warnings = completenessWarnings(error, "The parts that FullGrad sums miss the score");
      return { map, details: { completenessError: error }, warnings };
    } catch (problem) {
      map.dispose();
      throw problem;
    } finally {
      sum.dispose();
    }
  },
};
