import * as tf from "../../base/tfjs.ts";
import { fillTensor, reserveTensor } from "../../../backends/weights.ts";
import { fixedWeight, type Weight } from "../../operations/weight.ts";
import { transposeInto } from "./arrays/array.ts";
import { isFloat, type Numbers } from "./element_type.ts";
import { inOrder, sameAxes } from "./layout.ts";
import type { WeightLayout } from "./translator.ts";
import type { Constant } from "./value.ts";

/** TensorFlow.js has integers of 32 bits. */
function asInt32(numbers: Numbers): Int32Array {
  return Int32Array.from(numbers, (value) => Math.min(Math.max(value, -(2 ** 31)), 2 ** 31 - 1));
}

/** Write a constant's numbers as they are to be stored. */
function writeInto(target: Float32Array, constant: Constant, { order, factor = 1 }: WeightLayout): void {
  const numbers = constant.read();
  if (order && !sameAxes(order, inOrder(order.length))) {
    transposeInto(target, numbers, constant.shape, order);
  } else target.set(numbers);
  if (factor !== 1) { for (let at = 0; at < target.length; at++) target[at]! *= factor; }
}

/** A tensor of a constant. */
function makeTensor(constant: Constant, layout: WeightLayout): tf.Tensor {
  const { order = inOrder(constant.shape.length) } = layout;
  const shape = layout.shape ?? order.map((axis) => constant.shape[axis]!);
  if (isFloat(constant.type)) {
    const tensor = reserveTensor(shape);
    fillTensor(tensor, (values) => writeInto(values, constant, layout));
    return tensor;
  }
  const values = new Float32Array(constant.read().length);
  writeInto(values, constant, layout);
  const isBoolean = constant.type === "bool";
  return tf.tensor(
    isBoolean ? Uint8Array.from(values) : asInt32(values),
    [...shape],
    isBoolean ? "bool" : "int32",
  );
}

/** The tensors of a model's constants, each made once for each way that it is stored. */
export class Weights {
  /** All of them, to be disposed with the model. */
  readonly tensors: tf.Tensor[] = [];
  readonly #known = new Map<Constant, Map<string, Weight>>();

  /** A constant as a weight. */
  get(constant: Constant, layout: WeightLayout = {}): Weight {
    const key = JSON.stringify(layout);
    const own = this.#known.get(constant) ?? new Map<string, Weight>();
    this.#known.set(constant, own);
    const known = own.get(key);
    if (known) return known;
    const tensor = makeTensor(constant, layout);
    this.tensors.push(tensor);
    const weight = fixedWeight(tensor);
    own.set(key, weight);
    return weight;
  }
}
