import type * as tf from "../../src/base/tfjs.ts";
import type { Machine } from "./machine.ts";

/** The Gaussian error linear unit of each number, or where it is bent its approximation by tanh. */
export function applyGelu({ heap, exports }: Machine, x: tf.Tensor, isBent: boolean): tf.TensorInfo {
  const result = heap.makeOutput(x.shape);
  exports.applyGelu(x.size, heap.addressOf(x), heap.addressOf(result), Number(isBent));
  return result;
}

/** The way back over it. */
export function geluBack(
  { heap, exports }: Machine,
  gradient: tf.Tensor,
  { x, isBent }: { readonly x: tf.Tensor; readonly isBent: boolean },
): tf.TensorInfo {
  const result = heap.makeOutput(x.shape);
  const from = heap.addressOf(x), to = heap.addressOf(result);
  exports.geluBack(x.size, from, heap.addressOf(gradient), to, Number(isBent));
  return result;
}
