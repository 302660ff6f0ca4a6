import * as tf from "../../../base/tfjs.ts";
import type { KerasLayer } from "./keras_layer.ts";

/** The softmax over one axis or several together. */
export function softmaxOver(x: tf.Tensor, axes: number | number[]): tf.Tensor {
  const powers = tf.exp(x.sub(x.max(axes, true)));
  return powers.div(powers.sum(axes, true));
}

/** The layer Softmax over several axes, or one that is not the last. */
export const softmaxLayer: KerasLayer = {
  className: "Softmax",
  shape: (input) => input,
  call: ([x], { axis = -1 }) => softmaxOver(x!, axis as number | number[]),
};
