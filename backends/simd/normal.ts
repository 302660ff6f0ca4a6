import type * as tf from "../../src/base/tfjs.ts";
import type { Machine } from "./machine.ts";
import { computeRows } from "./rows.ts";

/** How rows are normalised. */
export interface RowNormalization {
  /** How many numbers a row has. */
  readonly channels: number;
  /** Added to the variance. */
  readonly epsilon: number;
  /** Whether the mean is taken out. */
  readonly isCentred: boolean;
  /** What each number of a row is multiplied by, if it is. */
  readonly scale?: tf.TensorInfo | undefined;
}

/** As how many multiplications a number counts: it is gone over three times. */
const slowness = 12;

/** Rows with mean and deviation taken out, times a scale and with a shift. */
export function normalizeRows(
  machine: Machine,
  x: tf.Tensor,
  { channels, epsilon, isCentred, scale, shift }: RowNormalization & { shift?: tf.TensorInfo | undefined },
): tf.TensorInfo {
  const { heap } = machine, result = heap.makeOutput(x.shape);
  const from = heap.addressOf(x), to = heap.addressOf(result);
  const weights = [scale ? heap.addressOf(scale) : 0, shift ? heap.addressOf(shift) : 0] as const;
  computeRows(machine, { rows: x.size / channels, channels, slowness }, (rows, at) => ({
    kernel: "normalizeRows",
    numbers: [rows, channels, from + at, to + at, ...weights, epsilon, Number(isCentred)],
  }));
  return result;
}

/** The way back over it. */
export function normalizeRowsBack(
  machine: Machine,
  gradient: tf.Tensor,
  { x, channels, epsilon, isCentred, scale }: RowNormalization & { readonly x: tf.Tensor },
): tf.TensorInfo {
  const { heap } = machine, result = heap.makeOutput(x.shape);
  const from = heap.addressOf(x), given = heap.addressOf(gradient), to = heap.addressOf(result);
  const factors = scale ? heap.addressOf(scale) : 0;
  computeRows(machine, { rows: x.size / channels, channels, slowness }, (rows, at) => ({
    kernel: "normalizeRowsBack",
    numbers: [rows, channels, from + at, given + at, to + at, factors, epsilon, Number(isCentred)],
  }));
  return result;
}
