import type * as tf from "../../src/base/tfjs.ts";
import type { ActivationNumbers } from "./kernels.ts";
import { type Machine, runJob } from "./machine.ts";
import { mostTasks, partsOf, type Task } from "./tasks.ts";

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
  const { heap, threads } = machine;
  const { a, b, transposeA, transposeB, rows, taps, channels, count, countA, countB } = matrices;
  const result = heap.makeOutput(matrices.shape);
  const from = heap.addressOf(a), weights = heap.addressOf(b), to = heap.addressOf(result);
  const shift = ending.bias ? heap.addressOf(ending.bias) : 0;
  const most = mostTasks(threads, count * rows * taps * channels);
  const widest = Math.max(8, Math.floor(chunkBytes / (4 * taps) / 8) * 8);
  const parts = partsOf(channels, Math.max(Math.ceil(channels / widest), Math.ceil(most / count)), 8);
  const width = Math.max(...parts.map(([first, end]) => end - first));
  const packedBytes = Math.ceil(taps * Math.ceil(width / 8) / 2) * 64; // whole lines of a cache
  const matrixBytes = rows * taps * 4, turnedBytes = transposeA ? countA * matrixBytes : 0;
  heap.withScratch(threads * packedBytes + turnedBytes, (packed) => {
    const turned = packed + threads * packedBytes;
    if (transposeA) {
      turnAll(machine, { count: countA, rows: taps, columns: rows, from, to: turned });
    }
    const pack = transposeB ? "packTransposed" : "packWeights";
    const given = transposeA ? turned : from, [along, step] = transposeB ? [taps, taps] : [1, channels];
    const tasks = Array.from({ length: count }, (_, index) => index).flatMap((index) => {
      const own = given + (countA === 1 ? 0 : index) * matrixBytes;
      const matrix = weights + (countB === 1 ? 0 : index) * taps * channels * 4;
      const target = to + index * rows * channels * 4;
      return parts.map(([first, end]): Task => [
        {
          kernel: pack,
          numbers: [taps, end - first, matrix + first * along * 4, step * 4, packed],
          own: [4],
        },
        {
          kernel: "convolve",
          numbers: [
            ...[0, 1, 0, rows, own, 0, taps * 4, 1, 0, 1, taps * 4, 0] as const,
            ...[
              packed,
              end - first,
              target + first * 4,
              0,
              channels * 4,
              shift && shift + first * 4,
              0,
            ] as const,
            ...ending.activation,
          ],
          own: [12],
        },
      ]);
    });
    runJob(machine, { tasks, ownBytes: packedBytes });
  });
  return result;
}

/** Matrices that are transposed, one after the other. */
interface Turned {
  readonly count: number;
  readonly rows: number;
  readonly columns: number;
  readonly from: number;
  readonly to: number;
}

function turnAll(machine: Machine, { count, rows, columns, from, to }: Turned): void {
  const tasks = Array.from({ length: count }, (_, index): Task => {
    const at = index * rows * columns * 4;
    return [{
      kernel: "transposeMatrix",
      numbers: [rows, columns, from + at, columns * 4, to + at, rows * 4],
    }];
  });
  runJob(machine, { tasks });
}
