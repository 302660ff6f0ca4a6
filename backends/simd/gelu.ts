import type * as tf from "../../src/base/tfjs.ts";
import type { Machine } from "./machine.ts";
import { computeRows } from "./rows.ts";

/** As how many multiplications a number counts. */
const slowness = 32;

/** The Gaussian error linear unit of each number, or where it is bent its approximation by tanh. */
export function applyGelu(machine: Machine, x: tf.Tensor, isBent: boolean): tf.TensorInfo {
  const { heap } = machine, result = heap.makeOutput(x.shape);
  const from = heap.addressOf(x), to = heap.addressOf(result);
  computeRows(machine, { rows: x.size, channels: 1, slowness }, (count, at) => ({
    kernel: "applyGelu",
    numbers: [count, from + at, to + at, Number(isBent)],
  }));
  return result;
}

/** The way back over it. */
export function geluBack(
  machine: Machine,
  gradient: tf.Tensor,
  { x, isBent }: { readonly x: tf.Tensor; readonly isBent: boolean },
): tf.TensorInfo {
  const { heap } = machine, result = heap.makeOutput(x.shape);
  const [from, given, to] = [x, gradient, result].map((tensor) => heap.addressOf(tensor)) as [
    number,
    number,
    number,
  ];
  computeRows(machine, { rows: x.size, channels: 1, slowness }, (count, at) => ({
    kernel: "geluBack",
    numbers: [count, from + at, given + at, to + at, Number(isBent)],
  }));
  return result;
}
