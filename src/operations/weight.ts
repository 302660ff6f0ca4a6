import type * as tf from "../base/tfjs.ts";

/** A model's array of weights, wherever the model keeps it. */
export interface Weight {
  /** Its value; the model's own. */
  read(): tf.Tensor;
}

/** A weight that is a tensor and stays it. */
export function fixedWeight(tensor: tf.Tensor): Weight {
  return { read: () => tensor };
}
