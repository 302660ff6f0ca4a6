/**
 * Graphs that were converted for a number of pictures at once. Here they are given one: what only repeats that number is
 * turned to follow.
 *
 * @module
 */
import * as tf from "../base/tfjs.ts";
import type { Operand } from "./graph_translation.ts";

function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/**
 * How many pictures a graph takes at once.
 *
 * @param inputs The shapes of its inputs, −1 for what is open.
 * @returns 1 where it takes any number.
 */
export function fixedBatch(inputs: readonly (readonly number[] | undefined)[]): number {
  const pictures = inputs.find((shape) => shape && shape.length >= 4);
  return Math.max(1, pictures?.[0] ?? 1);
}

/**
 * The shape that one picture is given where the graph says one for all.
 *
 * @param target What the graph says; −1 for what is left.
 * @param given The shape of one picture's value.
 * @param batch How many pictures the graph takes at once.
 */
export function reshapedForOne(target: readonly number[], given: readonly number[], batch: number): number[] {
  const known = sizeOf(target.filter((size) => size !== -1));
  const whole = target.map((size) => size === -1 ? sizeOf(given) * batch / known : size);
  const follows = sizeOf(whole) === sizeOf(given) * batch;
  // The pictures are the outermost axis, as a rule; only where that cannot be, one within.
  const first = whole.findIndex((size) => size !== 1);
  const axis = whole[first]! % batch === 0 ? first : whole.findIndex((size) => size % batch === 0);
  return follows && axis >= 0 ? whole.with(axis, whole[axis]! / batch) : [...target];
}

/** Whether a weight holds the same for each picture. */
function isRepeated(operand: Operand, batch: number): boolean {
  if (typeof operand === "string") return false;
  return tf.tidy(() => {
    const tensor = operand.read();
    if (tensor.rank < 2 || tensor.shape[0] !== batch) return false;
    try {
      const values = tensor.dataSync();
      const each = values.length / batch;
      return values.every((value, at) => value === values[at % each]);
    } catch {
      return false; // on a GPU already
    }
  });
}

/**
 * A computation whose weights may be there for each picture: one picture takes the first.
 *
 * @param operands What it takes.
 * @param batch How many pictures the graph takes at once.
 */
export function computeForOne(
  operands: readonly Operand[],
  batch: number,
  compute: (...values: tf.Tensor[]) => tf.Tensor,
): (...values: tf.Tensor[]) => tf.Tensor {
  if (batch === 1) return compute;
  const repeated = operands.map((operand) => isRepeated(operand, batch));
  if (!repeated.includes(true)) return compute;
  return (...values) => {
    const isOne = ({ rank, shape }: tf.Tensor) =>
      values.some((other) => other.rank === rank && other.shape[0] === 1 && shape[0] !== 1);
    return compute(...values.map((value, at) => repeated[at] && isOne(value) ? value.slice(0, 1) : value));
  };
}
