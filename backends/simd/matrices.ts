import type * as tf from "../../src/base/tfjs.ts";
import type { ActivationNumbers } from "./kernels.ts";
import type { Machine } from "./machine.ts";

/** Bytes of a matrix that are packed at a time: they stay in the second cache. */
const chunkBytes = 2 ** 19;

/** So few multiplications for each number that is packed are not worth it. */
const fewRows = 4;

/** Which of two matrices are to be transposed. */
export interface Transposed {
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

/** Matrices that are multiplied one by one, `[rows, taps]` · `[taps, channels]`, either of them stored transposed. */
export interface Matrices extends Transposed {
  readonly a: tf.TensorInfo;
  readonly b: tf.TensorInfo;
  readonly rows: number;
  readonly taps: number;
  readonly channels: number;
  /** How many products there are. */
  readonly count: number;
  /** How many there are of each, one or as many. */
  readonly countA: number;
  readonly countB: number;
  /** That of the result. */
  readonly shape: readonly number[];
}

/** What follows each sum. */
export interface MatrixEnding {
  readonly bias: tf.TensorInfo | undefined;
  readonly activation: ActivationNumbers;
}

/** How many matrices a tensor holds. */
function countOf(shape: readonly number[]): number {
  return shape.slice(0, -2).reduce((product, size) => product * size, 1);
}

/** Sizes in front of the matrices; those of one number need not be told. */
function leadOf(shape: readonly number[]): string {
  return shape.slice(0, -2).join();
}

/** What is to be multiplied; `undefined` where that is nothing, few rows, does not fit, or is spread otherwise. */
export function planMatrices(
  a: tf.Tensor,
  b: tf.Tensor,
  { transposeA, transposeB }: Transposed,
): Matrices | undefined {
  if (a.rank < 2 || b.rank < 2 || a.size * b.size === 0) return undefined;
  const [first, second] = a.shape.slice(-2) as [number, number];
  const [third, fourth] = b.shape.slice(-2) as [number, number];
  const [rows, taps] = transposeA ? [second, first] : [first, second];
  const [own, channels] = transposeB ? [fourth, third] : [third, fourth];
  const countA = countOf(a.shape), countB = countOf(b.shape), count = Math.max(countA, countB);
  const isAlike = countA === 1 || countB === 1 || leadOf(a.shape) === leadOf(b.shape);
  if (own !== taps || rows < fewRows || !isAlike) return undefined;
  const larger = countA > countB || (countA === countB && a.rank >= b.rank) ? a : b;
  const lead = larger.shape.slice(0, -2);
  const missing = Math.max(a.rank, b.rank) - larger.rank;
  const shape = [...new Array<number>(missing).fill(1), ...lead, rows, channels];
  return { a, b, transposeA, transposeB, rows, taps, channels, count, countA, countB, shape };
}

/**
 * Products of matrices that are needed once: the second of each pair is packed for the time being, some columns after
 * others, and nothing is kept beside it.
 */
export function multiplyMatrices(machine: Machine, matrices: Matrices, ending: MatrixEnding): tf.TensorInfo {
  const { heap, exports } = machine;
  const { a, b, transposeA, transposeB, rows, taps, channels, count, countA, countB } = matrices;
  const result = heap.makeOutput(matrices.shape);
  const from = heap.addressOf(a), weights = heap.addressOf(b), to = heap.addressOf(result);
  const shift = ending.bias ? heap.addressOf(ending.bias) : 0;
  const width = Math.min(channels, Math.max(8, Math.floor(chunkBytes / (4 * taps) / 8) * 8));
  const packedBytes = taps * Math.ceil(width / 8) * 32, rowBytes = transposeA ? rows * taps * 4 : 0;
  heap.withScratch(packedBytes + rowBytes, (packed) => {
    const turned = packed + packedBytes;
    for (let index = 0; index < count; index++) {
      const given = from + (countA === 1 ? 0 : index) * rows * taps * 4;
      if (transposeA && (index === 0 || countA > 1)) {
        exports.transposeMatrix(taps, rows, given, rows * 4, turned, taps * 4);
      }
      const matrix = weights + (countB === 1 ? 0 : index) * taps * channels * 4;
      const target = to + index * rows * channels * 4;
      for (let first = 0; first < channels; first += width) {
        const some = Math.min(width, channels - first);
        if (transposeB) {
          exports.packTransposed(taps, some, matrix + first * taps * 4, taps * 4, packed);
        } else exports.packWeights(taps, some, matrix + first * 4, channels * 4, packed);
        exports.convolve(
          ...[0, 1, 0, rows, transposeA ? turned : given, 0, taps * 4, 1, 0, 1, taps * 4, 0] as const,
          ...[packed, some, target + first * 4, 0, channels * 4, shift && shift + first * 4, 0] as const,
          ...ending.activation,
        );
      }
    }
  });
  return result;
}
