import type * as tf from "../../src/base/tfjs.ts";
import type { ActivationNumbers } from "./kernels.ts";
import type { Machine } from "./machine.ts";

/** Bytes of rows, taken and given, between which the weights are gone through once: they stay in the second cache. */
const blockBytes = 2 ** 18;

/** Weights that stay in no second cache are gone through as seldom as can be, for more rows. */
const largeWeights = 2 ** 20;
const blockBytesOfLarge = 2 ** 21;

/** So few rows are not worth packing the weights for. */
const fewRows = 4;

/** What is computed with the weights. */
export interface WeightedSum {
  /** Rows of the matrix: taps times channels of the input. */
  readonly taps: number;
  /** Channels of the output. */
  readonly channels: number;
  readonly weights: tf.TensorInfo;
  readonly bias: tf.TensorInfo | undefined;
  readonly activation: ActivationNumbers;
}

/** Weights in the order in which the kernels read them, made once for as long as they are there. */
export function packed({ heap, exports }: Machine, { taps, channels, weights }: WeightedSum): number {
  return heap.keepBeside(weights, `packed ${taps} ${channels}`, {
    bytes: taps * Math.ceil(channels / 8) * 8 * 4,
    fill: (address) => exports.packWeights(taps, channels, heap.addressOf(weights), channels * 4, address),
  });
}

/** What is multiplied with a matrix. */
export interface Rows {
  /** `[rows, taps]`, in any shape. */
  readonly x: tf.TensorInfo;
  readonly rows: number;
  /** That of the result. */
  readonly shape: readonly number[];
}

/** `[rows, taps]` · `[taps, channels]` + bias, and an activation. */
export function multiply(machine: Machine, given: Rows, sum: WeightedSum): tf.TensorInfo {
  return given.rows < fewRows ? multiplyFew(machine, given, sum) : multiplyMany(machine, given, sum);
}

/** Row by row, with the matrix as it is. */
function multiplyFew({ heap, exports }: Machine, { x, rows, shape }: Rows, sum: WeightedSum): tf.TensorInfo {
  const { taps, channels, bias, activation } = sum;
  const result = heap.makeOutput(shape);
  const from = heap.addressOf(x), to = heap.addressOf(result), shift = bias ? heap.addressOf(bias) : 0;
  const weights = heap.addressOf(sum.weights);
  for (let row = 0; row < rows; row++) {
    const places = [from + row * taps * 4, weights, to + row * channels * 4, shift] as const;
    exports.multiplyVector(taps, channels, ...places, ...activation);
  }
  return result;
}

/** Many rows at a time, with the weights packed. */
function multiplyMany(machine: Machine, { x, rows, shape }: Rows, sum: WeightedSum): tf.TensorInfo {
  const { heap, exports } = machine;
  const { taps, channels, bias, activation } = sum;
  const weights = packed(machine, sum);
  const result = heap.makeOutput(shape);
  const from = heap.addressOf(x), to = heap.addressOf(result), shift = bias ? heap.addressOf(bias) : 0;
  const bytes = 4 * taps * channels > largeWeights ? blockBytesOfLarge : blockBytes;
  const block = Math.max(24, Math.floor(bytes / (4 * (taps + channels)) / 6) * 6);
  for (let x0 = 0; x0 < rows; x0 += block) {
    const x1 = Math.min(rows, x0 + block);
    exports.convolve(
      ...[0, 1, x0, x1] as const,
      ...[from, 0, taps * 4] as const,
      ...[1, 0, 1, taps * 4, 0] as const,
      ...[weights, channels, to, 0, channels * 4, shift, 0, ...activation] as const,
    );
  }
  return result;
}
