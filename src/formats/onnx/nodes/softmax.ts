import * as tf from "../../../base/tfjs.ts";
import { countOf } from "../../../base/tensor_info.ts";
import { Activation, findActivation } from "../../../operations/activation.ts";
import { axisOf } from "../arrays/array.ts";
import type { NodeContext } from "../translator.ts";
import type { Live } from "../value.ts";

/** Along what a softmax is taken. */
export interface SoftmaxAxis {
  /** The axis. */
  readonly axis: number;
  /** The rows that it is taken of instead, where an older opset says so. */
  readonly flat: readonly [number, number] | undefined;
}

/**
 * Along what a softmax is taken: one axis, or up to opset 12 all from one on, as rows.
 *
 * @param x What it takes.
 */
export function softmaxAxis({ opset, attributes }: NodeContext, { shape }: Live): SoftmaxAxis {
  const axis = axisOf(attributes.int("axis", opset < 13 ? 1 : -1), shape.length);
  const behind = countOf(shape.slice(axis + 1));
  if (opset >= 13 || behind === 1) return { axis, flat: undefined };
  return { axis, flat: [countOf(shape.slice(0, axis)), countOf(shape.slice(axis))] };
}

/** The softmax of the last axis, or its logarithm. */
export function softmaxOperation(input: string, output: string, isLog: boolean): Activation {
  const activation = isLog
    ? { name: "logsoftmax", apply: (x: tf.Tensor) => tf.logSoftmax(x) }
    : findActivation("softmax")!;
  return new Activation(input, output, activation);
}
