import * as tf from "../src/base/tfjs.ts";
import { onMachine } from "./simd/machine.ts";
import { rectifyBack } from "./simd/rectifier.ts";

/** What a rectifier gave, and how far it reaches. */
export interface RectifiedOutput {
  /** `[1, …, k]` */
  readonly output: tf.Tensor;
  /**
   * Nothing passes above it.
   * @default {Infinity}
   */
  readonly max?: number | undefined;
  /** What each channel is multiplied by besides, `[k]`. */
  readonly scale?: tf.Tensor1D | undefined;
}

/** All of it in one loop by a kernel of ours, where TensorFlow.js would go over the numbers four times. */
function inOneLoop(
  gradient: tf.Tensor,
  { output, max = Infinity, scale }: RectifiedOutput,
): tf.Tensor | undefined {
  const { size } = output;
  if (size === 0 || gradient.size % size !== 0 || scale?.size === 1) return undefined;
  const isFloat = [gradient, output, ...scale ? [scale] : []].every(({ dtype }) => dtype === "float32");
  const computed = isFloat && onMachine((machine) => rectifyBack(machine, gradient, { output, max, scale }));
  return computed ? tf.engine().makeTensorFromTensorInfo(computed) : undefined;
}

/**
 * The way back over a rectifier: a gradient where its output is above 0 and below its bound, else 0.
 *
 * @param gradient `[n, …, k]`
 * @returns Likewise; owned by the caller's tidy.
 */
export function rectifiedGradient(gradient: tf.Tensor, rectified: RectifiedOutput): tf.Tensor {
  const known = inOneLoop(gradient, rectified);
  if (known) return known;
  const { output, max = Infinity, scale } = rectified;
  const open = gradient.mul(tf.step(output));
  const bounded = max === Infinity ? open : open.mul(tf.step(tf.sub(max, output)));
  return scale ? bounded.mul(scale) : bounded;
}
