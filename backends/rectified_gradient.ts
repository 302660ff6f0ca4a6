import * as tf from "../src/base/tfjs.ts";
import { onMachine } from "./simd/machine.ts";
import { rectifyBack } from "./simd/rectifier.ts";
import { makeInWasm } from "./wasm_numbers.ts";

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

/** All of it in one loop, where TensorFlow.js would go over the numbers four times: by a kernel of ours, else in JavaScript. */
function inOneLoop(
  gradient: tf.Tensor,
  { output, max = Infinity, scale }: RectifiedOutput,
): tf.Tensor | undefined {
  const { size: length } = output;
  if (length === 0 || gradient.size % length !== 0 || scale?.size === 1) return undefined;
  const isFloat = [gradient, output, ...scale ? [scale] : []].every(({ dtype }) => dtype === "float32");
  const computed = isFloat && onMachine((machine) => rectifyBack(machine, gradient, { output, max, scale }));
  if (computed) return tf.engine().makeTensorFromTensorInfo(computed);
  return makeInWasm(gradient.shape, [gradient, output, ...scale ? [scale] : []], (to, from) => {
    const [gradients, outputs, factors = one] = from as [Float32Array, Float32Array, Float32Array?];
    for (let start = 0; start < gradients.length; start += length) {
      const part = [start, start + length] as const;
      rectify(gradients.subarray(...part), outputs, { to: to.subarray(...part), max, factors });
    }
  });
}

const one = Float32Array.of(1);

/** Without a branch, which no processor could foresee: products with 0 or 1 take a quarter of the time. */
function rectify(
  from: Float32Array,
  outputs: Float32Array,
  { to, max, factors }: { to: Float32Array; max: number; factors: Float32Array },
): void {
  const { length } = outputs, channels = factors.length;
  if (channels === 1) {
    for (let at = 0; at < length; at++) {
      const value = outputs[at]!;
      to[at] = from[at]! * Number(value > 0) * Number(value < max);
    }
    return;
  }
  for (let pixel = 0; pixel < length; pixel += channels) {
    for (let channel = 0; channel < channels; channel++) {
      const at = pixel + channel, value = outputs[at]!;
      to[at] = from[at]! * factors[channel]! * Number(value > 0) * Number(value < max);
    }
  }
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
