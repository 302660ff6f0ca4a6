import type { Tensor3D } from "../base/tensors.ts";
import type { NamedMethod } from "./method.ts";

/** By how many standard deviations an activation lies above its channel's mean to be a rare one. */
const deviations = 2;

/**
 * FEM, the feature explanation method: L = Σₖ wₖ·Aᵏ, where wₖ is the share of places whose activation lies above the
 * channel's mean by more than 2 of its standard deviations. It asks for no class: all of them have the same map.
 *
 * pytorch-grad-cam computes the same, and cuts off what is below 0.
 *
 * Fuad et al., "Features Understanding in 3D CNNs for Actions Recognition in Video", IPTA 2020,
 * https://hal.science/hal-02963298
 */
export const femMethod: NamedMethod<"fem"> = {
  name: "fem",
  title: "FEM",
  description: "FEM: channels weighted by how many places stand out in them, whatever the class",
  at: "layer",
  relu: false,
  cost: () => ({}),
  async map({ tf, layer }) {
    const whole = await layer.activation();
    return {
      map: tf.tidy(() => {
        const activation = whole.squeeze<Tensor3D>([0]); // [h, w, k]
        const { mean, variance } = tf.moments(activation, [0, 1]); // [k]
        const threshold = mean.add(variance.sqrt().mul(deviations));
        const weights = activation.greater(threshold).cast("float32").mean([0, 1]); // [k]
        return activation.mul<Tensor3D>(weights);
      }),
    };
  },
};
