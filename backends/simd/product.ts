import type * as tf from "../../src/base/tfjs.ts";
import type { ActivationNumbers } from "./kernels.ts";
import { channelsOfLine, gridOf } from "./grid.ts";
import { type Machine, runJob } from "./machine.ts";
import { packedSize } from "./packed_matrix.ts";
import { type KernelCall, mostTasks, partsOf, type Task } from "./tasks.ts";

/** Bytes of rows, taken and given, between which the weights are gone through once: they stay in the second cache. */
const blockBytes = 2 ** 18;

/** Weights that stay in no second cache are gone through as seldom as can be, for more rows. */
const largeWeights = 2 ** 20;
const blockBytesOfLarge = 2 ** 21;

/** So few rows are not worth packing the weights for. */
const fewRows = 4;

/** The kernel takes so many rows at a time. */
export const rowsOfTile = 5;

/** A part has at least so many. */
const leastRows = 25;

/** With few rows a multiplication takes so many times as long, since each weight comes from memory; parts are the wider. */
const slownessOfFew = 4;
const partsOfThread = 2;

/** What is computed with the weights. */
export interface WeightedSum {
  /** Rows of the matrix: taps times channels of the input. */
  readonly taps: number;
  /** Channels of the output. */
  readonly channels: number;
  readonly weights: tf.TensorInfo;
  readonly bias: tf.TensorInfo | undefined;
  /** Added before the activation, of the result's shape. */
  readonly addend?: tf.TensorInfo | undefined;
  readonly activation: ActivationNumbers;
}

/** A weight takes so many times as long to move as a multiplication. */
const slownessOfPacking = 16;

/** Weights in the order in which the kernels read them, made once for as long as they are there. */
export function packed(machine: Machine, { taps, channels, weights }: WeightedSum): number {
  const { heap, threads } = machine;
  return heap.keepBeside(weights, `packed ${taps} ${channels}`, {
    bytes: packedSize({ taps, channels }) * 4,
    packed: { taps, channels },
    fill(address) {
      const from = heap.addressOf(weights), most = mostTasks(threads, slownessOfPacking * taps * channels);
      const tasks = partsOf(channels, most, channelsOfLine).map(([first, end]): Task => [{
        kernel: "packWeights",
        numbers: [taps, end - first, from + first * 4, channels * 4, address + first * taps * 4],
      }]);
      runJob(machine, { tasks });
    },
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

/**
 * `[rows, taps]` · `[taps, channels]` + bias, and an activation.
 *
 * @returns `undefined` where something is added to few rows.
 */
export function multiply(machine: Machine, given: Rows, sum: WeightedSum): tf.TensorInfo | undefined {
  if (given.rows >= fewRows) return multiplyMany(machine, given, sum);
  return sum.addend ? undefined : multiplyFew(machine, given, sum);
}

/** Bytes from what is computed to what is added to it; 0 for nothing. */
export function wayToAddend({ heap }: Machine, { addend }: WeightedSum, to: number): number {
  return addend ? heap.addressOf(addend) - to : 0;
}

/** Row by row, with the matrix as it is. */
function multiplyFew(machine: Machine, { x, rows, shape }: Rows, sum: WeightedSum): tf.TensorInfo {
  const { heap, threads } = machine;
  const { taps, channels, bias, activation } = sum;
  const result = heap.makeOutput(shape);
  const from = heap.addressOf(x), to = heap.addressOf(result), shift = bias ? heap.addressOf(bias) : 0;
  const weights = heap.addressOf(sum.weights);
  const most = mostTasks(threads, slownessOfFew * taps * channels);
  const tasks = partsOf(channels, Math.min(most, partsOfThread * threads), channelsOfLine).map((
    [first, end],
  ) =>
    Array.from({ length: rows }, (_, row): KernelCall => ({
      kernel: "multiplyVector",
      numbers: [
        ...[taps, end - first, from + row * taps * 4, weights + first * 4, channels * 4] as const,
        ...[to + (row * channels + first) * 4, shift && shift + first * 4, ...activation] as const,
      ],
    }))
  );
  runJob(machine, { tasks });
  return result;
}

/** Many rows at a time, with the weights packed. */
function multiplyMany(machine: Machine, { x, rows, shape }: Rows, sum: WeightedSum): tf.TensorInfo {
  const { heap, threads } = machine;
  const { taps, channels, bias, activation } = sum;
  const weights = packed(machine, sum);
  const result = heap.makeOutput(shape);
  const from = heap.addressOf(x), to = heap.addressOf(result), shift = bias ? heap.addressOf(bias) : 0;
  const added = wayToAddend(machine, sum, to);
  const most = mostTasks(threads, rows * taps * channels);
  const grid = gridOf({ places: rows, channels, most });
  const bytes = 4 * taps * channels > largeWeights ? blockBytesOfLarge : blockBytes;
  const blocks = Math.ceil(rows * 4 * (taps + channels) / bytes);
  const parts = Math.min(Math.max(blocks, grid.down), Math.ceil(rows / leastRows));
  const tasks = partsOf(rows, parts, rowsOfTile).flatMap(([x0, x1]) =>
    grid.channels.map(([first, end]): Task => [{
      kernel: "convolve",
      numbers: [
        ...[0, 1, x0, x1, from, 0, taps * 4, 1, 0, 1, taps * 4, 0, weights + first * taps * 4] as const,
        ...[end - first, to + first * 4, 0, channels * 4, shift && shift + first * 4, added] as const,
        ...activation,
      ],
    }])
  );
  runJob(machine, { tasks });
  return result;
}
