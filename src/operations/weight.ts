import type { Tensor } from "../base/tensors.ts";

/** A model's array of weights, wherever the model keeps it. */
export interface Weight {
  /** Its value: the model's own, or made for this within the tidy that it is read in. */
  read(): Tensor;
}

/**
 * Draws a weight anew.
 *
 * @param weight The weight.
 * @param fanIn How many numbers of it each sum of products takes; 0 for weights that begin as zeros.
 * @returns A weight of the same shape; it stays whoever draws it's.
 */
export type DrawWeight = (weight: Weight, fanIn: number) => Weight;

/** A weight that is a tensor and stays it. */
export function fixedWeight(tensor: Tensor): Weight {
  return { read: () => tensor };
}

/** A weight of which all axes but the last are 1 as a vector. */
export function vectorOf(weight: Weight): Weight {
  return {
    read() {
      const tensor = weight.read();
      return tensor.rank === 1 ? tensor : tensor.flatten();
    },
  };
}
