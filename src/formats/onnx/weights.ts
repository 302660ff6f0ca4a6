import * as tf from "../../base/tfjs.ts";
import { fillTensor, reserveTensor } from "../../../backends/weights.ts";
import { fixedWeight, type Weight } from "../../operations/weight.ts";
import { countOf } from "../../base/tensor_info.ts";
import { isFloat, type Numbers } from "./element_type.ts";
import { inOrder } from "./layout.ts";
import type { WeightLayout } from "./translator.ts";
import type { Constant } from "./value.ts";
import { writeInto } from "./write_constant.ts";

/** TensorFlow.js has integers of 32 bits. */
function asInt32(numbers: Numbers): Int32Array {
  return Int32Array.from(numbers, (value) => Math.min(Math.max(value, -(2 ** 31)), 2 ** 31 - 1));
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
  const values = new Float32Array(countOf(shape));
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
  readonly #known = new WeakMap<Constant, Map<string, Weight>>();

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
