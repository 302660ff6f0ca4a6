import * as tf from "../src/base/tfjs.ts";
import type { BackendWasm } from "npm:@tensorflow/tfjs-backend-wasm@4.22.0";

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

/** A backend as it stands behind TensorFlow.js's class for WebAssembly. */
type WasmMemory = Pick<BackendWasm, "makeOutput"> & {
  readonly wasm: { readonly HEAPU8: Uint8Array };
  readonly dataIdMap: { get(dataId: object): { readonly memoryOffset: number } | undefined };
};

/** The numbers of a tensor where they lie; `undefined` if it is not on the backend in use. */
function numbersOf(backend: WasmMemory, { dataId, size, dtype }: tf.Tensor): Float32Array | undefined {
  const offset = backend.dataIdMap.get(dataId)?.memoryOffset;
  if (!offset || dtype !== "float32") return undefined;
  return new Float32Array(backend.wasm.HEAPU8.buffer, offset, size);
}

/** All of it in one loop, where TensorFlow.js would go over the numbers four times. */
function inOneLoop(
  gradient: tf.Tensor,
  { output, max = Infinity, scale }: RectifiedOutput,
): tf.Tensor | undefined {
  if (gradient.size % output.size !== 0 || (scale && scale.size === 1)) return undefined;
  const backend = tf.backend() as unknown as WasmMemory;
  const made = tf.engine().makeTensorFromTensorInfo(backend.makeOutput([...gradient.shape], "float32"));
  const factors = scale && numbersOf(backend, scale); // views are made after the memory may have grown
  const [from, outputs, to] = [gradient, output, made].map((tensor) => numbersOf(backend, tensor));
  if (!from || !outputs || !to || (scale && !factors)) {
    made.dispose();
    return undefined;
  }
  const { length } = outputs;
  for (let start = 0; start < from.length; start += length) {
    rectify(from.subarray(start, start + length), outputs, {
      to: to.subarray(start, start + length),
      max,
      factors: factors ?? one,
    });
  }
  return made;
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
  const known = tf.getBackend() === "wasm" ? inOneLoop(gradient, rectified) : undefined;
  if (known) return known;
  const { output, max = Infinity, scale } = rectified;
  const open = gradient.mul(tf.step(output));
  const bounded = max === Infinity ? open : open.mul(tf.step(tf.sub(max, output)));
  return scale ? bounded.mul(scale) : bounded;
}
