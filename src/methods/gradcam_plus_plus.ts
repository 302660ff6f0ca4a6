import type { Tensor1D, Tensor3D, Tensor4D, TensorFlow } from "../base/tensors.ts";
import { costAlong, type GradientChange, gradientsAlong } from "./gradients_along.ts";
import type { NamedMethod } from "./method.ts";
import type { Place } from "./probe.ts";

/** What AUCMEDI divides by in the place of zero. */
const aucmediEps = 1e-8;

/** What lies at the layer, and its gradient, both `[1, h, w, k]`. */
export interface AtLayer {
  readonly activation: Tensor4D;
  readonly gradient: Tensor4D;
}

/**
 * The paper's weights, `[k]`. Of α = g² / (2g² + ΣA·g³) the g² is left out above and below, since it would underflow; where
 * it is 0, so is relu(g). Owned by the caller's tidy.
 */
export function paperWeights(tf: TensorFlow, { activation, gradient }: AtLayer): Tensor1D {
  const denominator = gradient.mul<Tensor4D>(activation.sum([1, 2], true)).add<Tensor4D>(2); // [1, h, w, k]
  return tf.divNoNan(gradient.relu<Tensor4D>(), denominator).sum<Tensor1D>([0, 1, 2]);
}

/** AUCMEDI's weights, `[k]`, of the gradient and its derivatives along the direction in which all of A grows alike. */
function aucmediWeights(
  tf: TensorFlow,
  { activation, gradient, first, second }: AtLayer & GradientChange,
): Tensor1D {
  const exact = first.mul<Tensor4D>(2).add<Tensor4D>(second.mul(activation.sum([1, 2], true)));
  const denominator = exact.add<Tensor4D>(exact.equal(0).cast("float32").mul(aucmediEps));
  const alpha = first.div<Tensor4D>(denominator);
  const share = tf.divNoNan(alpha, alpha.sum([1, 2], true)); // [1, h, w, k]
  return gradient.relu().mul(share).sum<Tensor1D>([0, 1, 2]);
}

/** The derivatives along a direction of ones; steps are a part of the largest activation. */
async function changeOfAll(tf: TensorFlow, layer: Place): Promise<GradientChange> {
  const activation = await layer.activation();
  const largest = tf.tidy(() => activation.abs().max());
  const [size] = await largest.data();
  largest.dispose();
  const length = size! > 0 && Number.isFinite(size) ? size! : 1;
  const direction = tf.fill([...activation.shape], length) as Tensor4D;
  try {
    const { first, second } = await gradientsAlong(tf, layer, direction);
    const change = tf.tidy(() => ({
      first: first.div<Tensor4D>(length),
      second: second.div<Tensor4D>(length).div<Tensor4D>(length),
    }));
    tf.dispose([first, second]);
    return change;
  } finally {
    direction.dispose();
  }
}

/**
 * Grad-CAM++: L = relu(Σₖ wₖ·Aᵏ) with wₖ = Σᵢⱼ αₖᵢⱼ · relu(gₖᵢⱼ) and α = g² / (2g² + g³·ΣᵢⱼAᵏ), 0 where that denominator
 * is; g = ∂y/∂A.
 *
 * The paper differentiates exp(y), whose second and third derivative are g² and g³ times exp(y) where y is linear in A; the
 * factor exp(y) is the same for all channels and falls out in scaling. pytorch-grad-cam computes the same with 1e-6 in the
 * denominator, torch-cam has g³ within the sum over A, tf-keras-vis multiplies by exp(y) and divides each channel by Σα.
 *
 * With `variant: "aucmedi"` it is AUCMEDI's: no exp(y), but second and third derivatives of y itself along the direction in
 * which all of A grows alike, α divided by its sum over the channel, and no relu (tell `relu: false`). The derivatives are
 * differences of gradients (see `gradientsAlong`); a score that is linear in A, as most logits, has none, and the map is 0.
 *
 * Chattopadhay et al., "Grad-CAM++: Generalized Gradient-based Visual Explanations for Deep Convolutional Networks",
 * WACV 2018, https://arxiv.org/abs/1710.11063
 */
export const gradcamPlusPlusMethod: NamedMethod<"gradcam++"> = {
  name: "gradcam++",
  title: "Grad-CAM++",
  description: "Grad-CAM++: channels weighted by their positive gradients, each place by its share",
  at: "layer",
  relu: true,
  settings: { variant: "paper" },
  cost: ({ settings: { variant } }) => variant === "aucmedi" ? costAlong(1) : { layerGradients: 1 },
  async map({ tf, layer, settings: { variant } }) {
    const given: AtLayer = { activation: await layer.activation(), gradient: await layer.gradient() };
    const change = variant === "aucmedi" ? await changeOfAll(tf, layer) : undefined;
    const map = tf.tidy(() => {
      const weights = change ? aucmediWeights(tf, { ...given, ...change }) : paperWeights(tf, given); // [k]
      return given.activation.squeeze<Tensor3D>([0]).mul<Tensor3D>(weights);
    });
    if (change) tf.dispose([change.first, change.second]);
    return { map };
  },
};
