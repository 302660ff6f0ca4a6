import * as tf from "../../base/tfjs.ts";
import { countOf } from "../../base/tensor_info.ts";
import { fillTensor, reserveTensor } from "../../../backends/weights.ts";
import { fixedWeight, type Weight } from "../../operations/weight.ts";
import { isFloat, type Numbers } from "./element_type.ts";
import type { WeightLayout } from "./translator.ts";
import type { Constant } from "./value.ts";
import { writeInto } from "./write_constant.ts";

/** TensorFlow.js has integers of 32 bits. */
function asInt32(numbers: Numbers): Int32Array {
  return Int32Array.from(numbers, (value) => Math.min(Math.max(value, -(2 ** 31)), 2 ** 31 - 1));
}

/** The shape that a constant is stored in. */
function shapeOf(constant: Constant, { shape, order }: WeightLayout): number[] {
  return [...shape ?? order?.map((axis) => constant.shape[axis]!) ?? constant.shape];
}

/** Makes tensors of a constant, whose numbers are read once. */
function passingTensors(constant: Constant, layout: WeightLayout): () => tf.Tensor {
  const shape = shapeOf(constant, layout);
  const numbers = new Float32Array(countOf(constant.shape));
  writeInto(numbers, constant, layout);
  if (isFloat(constant.type)) return () => tf.tensor(numbers, shape);
  const isBoolean = constant.type === "bool";
  const values = isBoolean ? Uint8Array.from(numbers) : asInt32(numbers);
  return () => tf.tensor(values, shape, isBoolean ? "bool" : "int32");
}

/** A tensor of a constant. */
function makeTensor(constant: Constant, layout: WeightLayout): tf.Tensor {
  if (!isFloat(constant.type)) return passingTensors(constant, layout)();
  const tensor = reserveTensor(shapeOf(constant, layout));
  fillTensor(tensor, (values) => writeInto(values, constant, layout));
  return tensor;
}

/** Makes weights of constants. */
export interface WeightSource {
  /** A constant as a weight. */
  get(constant: Constant, layout?: WeightLayout): Weight;
}

/** Weights by their constants, and by how they are stored. */
class KnownWeights {
  readonly #known = new WeakMap<Constant, Map<string, Weight>>();

  get(constant: Constant, layout: WeightLayout): Weight | undefined {
    return this.#known.get(constant)?.get(JSON.stringify(layout));
  }

  set(constant: Constant, layout: WeightLayout, weight: Weight): Weight {
    const own = this.#known.get(constant) ?? new Map<string, Weight>();
    this.#known.set(constant, own.set(JSON.stringify(layout), weight));
    return weight;
  }
}

/** The tensors of a model's constants, each made once for each way that it is stored. */
export class Weights implements WeightSource {
  /** All of them, to be disposed with the model. */
  readonly tensors: tf.Tensor[] = [];
  readonly #known = new KnownWeights();

  /** A weight that was made before. */
  known(constant: Constant, layout: WeightLayout = {}): Weight | undefined {
    return this.#known.get(constant, layout);
  }

  get(constant: Constant, layout: WeightLayout = {}): Weight {
    const known = this.#known.get(constant, layout);
    if (known) return known;
    const tensor = makeTensor(constant, layout);
    this.tensors.push(tensor);
    return this.#known.set(constant, layout, fixedWeight(tensor));
  }
}

/**
 * The weights of a model for pictures of another size: those that it has, and others, such as what is stretched to the size of
 * the picture, whose tensors are made when they are read, so that nothing has to be freed with them.
 */
export class SizedWeights implements WeightSource {
  readonly #usual: Weights;
  readonly #known = new KnownWeights();

  /** @param usual The weights that the model has. */
  constructor(usual: Weights) {
    this.#usual = usual;
  }

  get(constant: Constant, layout: WeightLayout = {}): Weight {
    return this.#usual.known(constant, layout) ?? this.#known.get(constant, layout) ??
      this.#known.set(constant, layout, { read: passingTensors(constant, layout) });
  }
}
