/**
 * Products with weights straight by our own kernels, past TensorFlow.js's operations: these take as long to look at what they
 * are given as some products take.
 *
 * @module
 */
import * as tf from "../src/base/tfjs.ts";
import type { ConvolutionAttributes } from "./kernels/kernel.ts";
import type { FusedAttributes } from "./kernels/fused_bias.ts";
import { type Machine, onMachine } from "./simd/machine.ts";
import { convolution, depthwise, product } from "./simd/registered.ts";

/** What is computed in one pass with a product. */
export interface FusedParts {
  /** A filter or a matrix. */
  readonly weights: tf.Tensor;
  /** `[k]` */
  readonly bias: tf.Tensor | undefined;
  /** Added before the activation, of the result's shape. */
  readonly addend: tf.Tensor | undefined;
}

/** A convolution's settings; what is worked out of them is remembered for as long as the object is there. */
export interface FusedConvolutionAttributes extends ConvolutionAttributes, FusedAttributes {
  readonly depthwise: boolean;
}

/** As much of TensorFlow.js's engine as this takes. */
interface WatchedEngine {
  readonly state: { readonly gradientDepth: number; readonly profiling: boolean };
}

/** What is recorded or measured must be operations of TensorFlow.js's. */
function directly(run: (machine: Machine) => tf.TensorInfo | undefined): tf.Tensor | undefined {
  const { state } = tf.engine() as unknown as WatchedEngine;
  if (state.gradientDepth > 0 || state.profiling) return undefined;
  const computed = onMachine(run);
  return computed && tf.engine().makeTensorFromTensorInfo(computed);
}

function inputsOf({ bias, addend }: FusedParts): Record<string, tf.Tensor> {
  return { ...(bias && { bias }), ...(addend && { addend }) };
}

/**
 * A convolution, its filter `[kh, kw, c, k]`, or depthwise `[kh, kw, c, 1]`.
 *
 * @returns `undefined` where it is to be computed otherwise.
 */
export function fusedConvolution(
  x: tf.Tensor,
  parts: FusedParts,
  attributes: FusedConvolutionAttributes,
): tf.Tensor | undefined {
  const compute = attributes.depthwise ? depthwise : convolution;
  const inputs = { x, filter: parts.weights, ...inputsOf(parts) };
  return directly((machine) => compute(machine, { inputs, attributes }));
}

/** What a product of matrices is followed by; neither is transposed. */
const asTheyAre = { transposeA: false, transposeB: false };

/**
 * Vectors along the last axis times a matrix `[k, m]`.
 *
 * @returns `undefined` where it is to be computed otherwise.
 */
export function fusedProduct(
  x: tf.Tensor,
  parts: FusedParts,
  attributes: FusedAttributes,
): tf.Tensor | undefined {
  const inputs = { a: x, b: parts.weights, ...inputsOf(parts) };
  return directly((machine) => product(machine, { inputs, attributes: { ...attributes, ...asTheyAre } }));
}
