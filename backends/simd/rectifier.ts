import type * as tf from "../../src/base/tfjs.ts";
import type { Machine } from "./machine.ts";

/** What a rectifier gave, how far it reaches, and what each channel is multiplied by before it. */
interface Rectified {
  readonly output: tf.TensorInfo;
  readonly max: number;
  readonly scale: tf.TensorInfo | undefined;
}

function sizeOf({ shape }: tf.TensorInfo): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** The way back over a rectifier, of as many gradients as there are, each of the output's shape. */
export function rectifyBack(
  { heap, exports }: Machine,
  gradient: tf.TensorInfo,
  { output, max, scale }: Rectified,
): tf.TensorInfo {
  const result = heap.makeOutput(gradient.shape);
  const size = sizeOf(output), channels = scale ? sizeOf(scale) : size;
  const bytes = size * 4, factors = scale ? heap.addressOf(scale) : 0;
  const from = heap.addressOf(gradient), to = heap.addressOf(result), outputs = heap.addressOf(output);
  for (let at = 0; at < sizeOf(gradient) * 4; at += bytes) {
    exports.rectifyBack(size / channels, channels, from + at, outputs, to + at, factors, max);
  }
  return result;
}
