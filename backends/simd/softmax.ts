import type * as tf from "../../src/base/tfjs.ts";
import type { Machine } from "./machine.ts";
import { computeRows } from "./rows.ts";

/** As how many multiplications a number counts, there and back. */
const slowness = 24, slownessOfBack = 8;

/** The softmax of the last axis. */
export function softmaxRows(machine: Machine, x: tf.Tensor): tf.TensorInfo {
  const { heap } = machine, result = heap.makeOutput(x.shape), channels = x.shape.at(-1) ?? 1;
  const from = heap.addressOf(x), to = heap.addressOf(result);
  computeRows(machine, { rows: x.size / channels, channels, slowness }, (rows, at) => ({
    kernel: "softmaxRows",
    numbers: [rows, channels, from + at, to + at],
  }));
  return result;
}

/** The way back over it, of as many gradients as there are, each of the output's shape. */
export function softmaxRowsBack(machine: Machine, gradient: tf.Tensor, output: tf.Tensor): tf.TensorInfo {
  const { heap } = machine, result = heap.makeOutput(gradient.shape), channels = output.shape.at(-1) ?? 1;
  const from = heap.addressOf(gradient), given = heap.addressOf(output), to = heap.addressOf(result);
  const rows = output.size / channels;
  for (let start = 0; start < gradient.size * 4; start += output.size * 4) {
    computeRows(machine, { rows, channels, slowness: slownessOfBack }, (rows, at) => ({
      kernel: "softmaxRowsBack",
      numbers: [rows, channels, from + start + at, given + at, to + start + at],
    }));
  }
  return result;
}
