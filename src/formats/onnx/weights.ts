import * as tf from "../../base/tfjs.ts";
import { fillTensor, reserveTensor } from "../../../backends/weights.ts";
import { fixedWeight, type Weight } from "../../operations/weight.ts";
import { countOf } from "../../base/tensor_info.ts";
import { transposeInto, transposeRows } from "./arrays/transpose.ts";
import { type ElementType, isFloat, kindOf, type Numbers } from "./element_type.ts";
import { inOrder, sameAxes } from "./layout.ts";
import type { WeightLayout } from "./translator.ts";
import type { Axes, Constant } from "./value.ts";

/** TensorFlow.js has integers of 32 bits. */
function asInt32(numbers: Numbers): Int32Array {
  return Int32Array.from(numbers, (value) => Math.min(Math.max(value, -(2 ** 31)), 2 ** 31 - 1));
}

/** How many numbers are read at a time where a type is not held as weights are. */
const partSize = 2 ** 18;

/** Gives arrays to read numbers into that are used again and again. */
class Scratch {
  readonly #arrays = new Map<ElementType, Numbers>();

  get(type: ElementType, size: number): Numbers {
    const known = this.#arrays.get(type);
    const array = known && known.length >= size ? known : kindOf(type).make(size);
    this.#arrays.set(type, array);
    return array.subarray(0, size);
  }
}

/** Write a constant's numbers in another order of their axes, some at a time where they can be read so. */
function writeInOrder(target: Float32Array, constant: Constant, order: Axes, scratch: Scratch): void {
  const { type, shape, readPart } = constant;
  if (!readPart) return transposeInto(target, constant.read(), shape, order);
  const rowSize = countOf(shape.slice(1));
  const read = (first: number, count: number) => {
    const numbers = scratch.get(type, count * rowSize);
    readPart(first * rowSize, numbers);
    return numbers;
  };
  transposeRows(target, read, shape, order);
}

/** Write a constant's numbers as they are, those of single precision straight where they stay. */
function writeAsTheyAre(target: Float32Array, { type, read, readPart }: Constant, scratch: Scratch): void {
  if (!readPart) return target.set(read());
  if (kindOf(type).isSingle) return readPart(0, target);
  for (let start = 0; start < target.length; start += partSize) {
    const numbers = scratch.get(type, Math.min(partSize, target.length - start));
    readPart(start, numbers);
    target.set(numbers, start);
  }
}

/** Write a constant's numbers as they are to be stored. */
function writeInto(
  target: Float32Array,
  constant: Constant,
  { order, factor = 1, scratch }: WeightLayout & { readonly scratch: Scratch },
): void {
  if (order && !sameAxes(order, inOrder(order.length))) writeInOrder(target, constant, order, scratch);
  else writeAsTheyAre(target, constant, scratch);
  if (factor !== 1) { for (let at = 0; at < target.length; at++) target[at]! *= factor; }
}

/** A tensor of a constant. */
function makeTensor(constant: Constant, given: WeightLayout, scratch: Scratch): tf.Tensor {
  const layout = { ...given, scratch };
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
  readonly #scratch = new Scratch();

  /** A constant as a weight. */
  get(constant: Constant, layout: WeightLayout = {}): Weight {
    const key = JSON.stringify(layout);
    const own = this.#known.get(constant) ?? new Map<string, Weight>();
    this.#known.set(constant, own);
    const known = own.get(key);
    if (known) return known;
    const tensor = makeTensor(constant, layout, this.#scratch);
    this.tensors.push(tensor);
    const weight = fixedWeight(tensor);
    own.set(key, weight);
    return weight;
  }
}
