import * as tf from "../../../base/tfjs.ts";
import { countOf } from "../../../base/tensor_info.ts";
import { integers } from "../arrays/array.ts";
import { converted, filled } from "../arrays/shaping.ts";
import { type ElementType, isFloat, kindOfCode } from "../element_type.ts";
import { type Constant, constantOf, type Live, type Value } from "../value.ts";
import type { NodeContext, NodeTranslator, NodeTranslators } from "../translator.ts";

/** A constant that a node holds. */
const constant: NodeTranslator = (node) => {
  const { attributes } = node;
  const value = attributes.tensor("value");
  if (value) return node.tensor(value);
  if (attributes.has("value_float")) {
    return constantOf("float32", [], Float32Array.of(attributes.float("value_float", 0)));
  }
  if (attributes.has("value_int")) return integerOf([attributes.int("value_int", 0)], []);
  const floats = attributes.floats("value_floats") ?? [], ints = attributes.ints("value_ints") ?? [];
  if (attributes.has("value_floats")) {
    return constantOf("float32", [floats.length], Float32Array.from(floats));
  }
  if (attributes.has("value_ints")) return integerOf(ints);
  return node.fail("holds no numbers");
};

function integerOf(values: readonly number[], shape?: readonly number[]): Constant {
  const array = integers(values, shape);
  return constantOf(array.type, array.shape, array.numbers);
}

const constantOfShape: NodeTranslator = (node) => {
  const shape = node.numbers(0) ?? node.fail("has no shape");
  const tensor = node.attributes.tensor("value");
  const value = tensor && node.tensor(tensor);
  const array = filled(value?.type ?? "float32", shape, value?.read()[0] ?? 0);
  return constantOf(array.type, array.shape, array.numbers);
};

/** A value's shape is known when a model is opened. */
const shape: NodeTranslator = (node) => {
  const { shape } = node.input(0);
  return integerOf(shape.slice(node.attributes.int("start", 0), node.attributes.int("end")));
};

/** A value of another type; TensorFlow.js has one with fractions and one without. */
function cast(node: NodeContext, type: ElementType): Value {
  const given = node.input(0);
  if (given.kind === "constant") { // like a live value of that type
    const { numbers } = converted({ type: given.type, shape: given.shape, numbers: given.read() }, type);
    return constantOf(type, given.shape, numbers);
  }
  const x: Live = node.live(0);
  if (isFloat(type) && isFloat(x.type)) return { ...x, type };
  if (type.endsWith("int4")) {
    const lowest = type === "int4" ? 8 : 0;
    const run = (x: tf.Tensor) => tf.mod(x.cast("int32").add(lowest), 16).sub(lowest).cast("int32");
    return node.compute([x], (x) => run(x!), { ...x, type });
  }
  const name = isFloat(type) ? "float32" : type === "bool" ? "bool" : "int32";
  return node.compute([x], (x) => x!.cast(name), { ...x, type });
}

const handOn: NodeTranslator = (node) => node.input(0);

/** What hands values on, makes constants, and tells shapes. */
export const generalNodes: NodeTranslators = {
  Cast: (node) =>
    cast(node, kindOfCode(node.attributes.int("to", 0))?.type ?? node.fail("is to a type that is not known")),
  CastLike: (node) => cast(node, node.input(1).type),
  Constant: constant,
  ConstantOfShape: constantOfShape,
  Dropout(node) {
    if (node.inputs[2] && node.numbers(2)?.[0]) node.fail("is as in training, which has no maps");
    if (!node.gives(1)) return node.input(0);
    const { shape } = node.input(0);
    return [node.input(0), constantOf("bool", shape, new Uint8Array(countOf(shape)).fill(1))];
  },
  Identity: handOn,
  Shape: shape,
  Size: (node) => integerOf([countOf(node.input(0).shape)], []),
};
