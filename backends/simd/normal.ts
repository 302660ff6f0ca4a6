import type * as tf from "../../src/base/tfjs.ts";
import type { Machine } from "./machine.ts";

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

/** Rows with mean and deviation taken out, times a scale and with a shift. */
export function normalizeRows(
  { heap, exports }: Machine,
  x: tf.Tensor,
  { channels, epsilon, isCentred, scale, shift }: RowNormalization & { shift?: tf.TensorInfo | undefined },
): tf.TensorInfo {
  const result = heap.makeOutput(x.shape);
  exports.normalizeRows(
    ...[x.size / channels, channels, heap.addressOf(x), heap.addressOf(result)] as const,
    ...[scale ? heap.addressOf(scale) : 0, shift ? heap.addressOf(shift) : 0] as const,
    ...[epsilon, Number(isCentred)] as const,
  );
  return result;
}

/** The way back over it. */
export function normalizeRowsBack(
  { heap, exports }: Machine,
  gradient: tf.Tensor,
  { x, channels, epsilon, isCentred, scale }: RowNormalization & { readonly x: tf.Tensor },
): tf.TensorInfo {
  const result = heap.makeOutput(x.shape);
  exports.normalizeRowsBack(
    ...[x.size / channels, channels, heap.addressOf(x), heap.addressOf(gradient)] as const,
    ...[heap.addressOf(result), scale ? heap.addressOf(scale) : 0, epsilon, Number(isCentred)] as const,
  );
  return result;
}
