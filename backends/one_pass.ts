/**
 * What TensorFlow.js takes several passes over all numbers for, in one: where there are kernels of our own. The tape does
 * not see it.
 *
 * @module
 */
import * as tf from "../src/base/tfjs.ts";
import * as gelu from "./simd/gelu.ts";
import { type Machine, onMachine } from "./simd/machine.ts";
import * as normal from "./simd/normal.ts";
import * as softmax from "./simd/softmax.ts";

/** Compute something of tensors with numbers; `undefined` where there is no kernel for it. */
function inOnePass(
  tensors: readonly tf.Tensor[],
  run: (machine: Machine) => tf.TensorInfo,
): tf.Tensor | undefined {
  if (tensors.some(({ dtype, size }) => dtype !== "float32" || size === 0)) return undefined;
  const computed = onMachine(run);
  return computed && tf.engine().makeTensorFromTensorInfo(computed);
}

/** How a value is normalised along its last axes. */
export interface RowNormalization {
  /** How many of its last axes are a row. */
  readonly axes: number;
  /** Added to the variance. */
  readonly epsilon: number;
  /** Whether the mean is taken out; else the root mean square takes the place of the deviation. */
  readonly isCentred: boolean;
  /** What a row is multiplied by, of its size. */
  readonly scale?: tf.Tensor | undefined;
}

/** The size of a row; `undefined` where a weight is no row. */
function channelsOf(
  x: tf.Tensor,
  { axes, weights }: { readonly axes: number; readonly weights: readonly (tf.Tensor | undefined)[] },
): number | undefined {
  const channels = tf.util.sizeFromShape(x.shape.slice(x.rank - axes));
  const isRow = ({ size, shape }: tf.Tensor) =>
    size === channels && tf.util.sizeFromShape(shape.slice(-axes)) === channels;
  return weights.every((weight) => !weight || isRow(weight)) ? channels : undefined;
}

/**
 * A value with mean and deviation of its last axes taken out, times a scale and with a shift.
 *
 * @returns `undefined` where there is no kernel for it.
 */
export function normalized(
  x: tf.Tensor,
  { axes, scale, shift, ...how }: RowNormalization & { readonly shift?: tf.Tensor | undefined },
): tf.Tensor | undefined {
  const weights = [scale, shift], channels = channelsOf(x, { axes, weights });
  if (channels === undefined) return undefined;
  return inOnePass(
    [x, ...weights.filter((weight) => weight !== undefined)],
    (machine) => normal.normalizeRows(machine, x, { ...how, channels, scale, shift }),
  );
}

/** The way back over {@linkcode normalized}, of a gradient of its shape. */
export function normalizedGradient(
  gradient: tf.Tensor,
  { axes, x, scale, ...how }: RowNormalization & { readonly x: tf.Tensor },
): tf.Tensor | undefined {
  const channels = channelsOf(x, { axes, weights: [scale] });
  if (channels === undefined || gradient.size !== x.size) return undefined;
  return inOnePass(
    [x, gradient, ...scale ? [scale] : []],
    (machine) => normal.normalizeRowsBack(machine, gradient, { ...how, x, channels, scale }),
  );
}

/**
 * x·Φ(x), the Gaussian error linear unit.
 *
 * @param isBent Whether it is approximated by tanh.
 * @returns `undefined` where there is no kernel for it.
 */
export function gaussianUnit(x: tf.Tensor, isBent: boolean): tf.Tensor | undefined {
  return inOnePass([x], (machine) => gelu.applyGelu(machine, x, isBent));
}

/** The way back over {@linkcode gaussianUnit}, of a gradient of its shape. */
export function gaussianUnitGradient(
  gradient: tf.Tensor,
  given: { readonly x: tf.Tensor; readonly isBent: boolean },
): tf.Tensor | undefined {
  if (gradient.size !== given.x.size) return undefined;
  return inOnePass([gradient, given.x], (machine) => gelu.geluBack(machine, gradient, given));
}

/**
 * The way back over a softmax of the last axis.
 *
 * @param gradient `[scores, …]`
 * @param output What the softmax gave, `[1, …]`.
 * @returns `undefined` where there is no kernel for it.
 */
export function softmaxGradient(gradient: tf.Tensor, output: tf.Tensor): tf.Tensor | undefined {
  if (output.size === 0 || gradient.size % output.size !== 0) return undefined;
  return inOnePass([gradient, output], (machine) => softmax.softmaxRowsBack(machine, gradient, output));
}
