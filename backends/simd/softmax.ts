import type * as tf from "../../src/base/tfjs.ts";
import type { Machine } from "./machine.ts";

/** The softmax of the last axis. */
export function softmaxRows({ heap, exports }: Machine, x: tf.Tensor): tf.TensorInfo {
  const result = heap.makeOutput(x.shape), channels = x.shape.at(-1) ?? 1;
  exports.softmaxRows(x.size / channels, channels, heap.addressOf(x), heap.addressOf(result));
  return result;
}

/** The way back over it, of as many gradients as there are, each of the output's shape. */
export function softmaxRowsBack(
  { heap, exports }: Machine,
  gradient: tf.Tensor,
  output: tf.Tensor,
): tf.TensorInfo {
  const result = heap.makeOutput(gradient.shape), channels = output.shape.at(-1) ?? 1;
  const from = heap.addressOf(gradient), given = heap.addressOf(output), to = heap.addressOf(result);
  for (let at = 0; at < gradient.size * 4; at += output.size * 4) {
    exports.softmaxRowsBack(output.size / channels, channels, from + at, given, to + at);
  }
  return result;
}
