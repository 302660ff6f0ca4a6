import * as tf from "../../../../base/tfjs.ts";

/** An operand: a tensor, or a constant. */
export type Operand = tf.Tensor | number | boolean | readonly unknown[];

/** Axes as they are given: one, several, or none for all. */
export type Axes = number | readonly number[] | undefined;

/** An operand as a tensor. */
export function toTensor(value: Operand): tf.Tensor {
  return value instanceof tf.Tensor ? value : tf.tensor(value as number);
}

/** A number, whether it was given as one or computed. */
export function toNumber(value: unknown): number {
  return value instanceof tf.Tensor ? value.dataSync()[0]! : Number(value);
}

/** Numbers from a list of numbers and computed ones, or from one tensor. */
export function toNumbers(value: unknown): number[] {
  if (value instanceof tf.Tensor) return [...value.dataSync()];
  return (value as readonly unknown[]).map(toNumber);
}

/** Axes counted from 0; all where none is given. */
export function toAxes(axes: Axes, rank: number): number[] {
  if (axes === undefined) return Array.from({ length: rank }, (_, axis) => axis);
  return ([axes].flat() as number[]).map((axis) => (axis + rank) % rank);
}

/** 1 where a condition holds and 0 elsewhere. */
export function toFloat(x: tf.Tensor): tf.Tensor {
  return x.dtype === "float32" ? x : x.cast("float32");
}

/** x, of which the tape knows nothing. */
export function detach(x: tf.Tensor): tf.Tensor {
  const detached = tf.customGrad((value) => ({
    value: (value as tf.Tensor).clone(),
    gradFunc: (gradient: tf.Tensor) => tf.zerosLike(gradient),
  }));
  return detached(x);
}
