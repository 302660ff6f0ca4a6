import { countOf } from "../../../base/tensor_info.ts";
import { Activation, boundedRectifier } from "../../../operations/activation.ts";
import * as tf from "../../../base/tfjs.ts";
import { axisOf } from "../arrays/array.ts";
import { rangeOf, scalePlaces } from "../arrays/quantised.ts";
import { type ElementType, isFloat, kindOfCode } from "../element_type.ts";
import type { NodeContext, NodeTranslator, NodeTranslators } from "../translator.ts";
import { type Constant, constantOf, type Live, type Value } from "../value.ts";
import { align } from "./broadcast.ts";

/** What is told of a quantised model. */
export const note = "its numbers are quantised: they are computed in float, without their roundings";

/** A constant's quantised numbers as what they stand for. */
function dequantised(
  node: NodeContext,
  x: Constant,
  scale: Constant,
  zero: Constant | undefined,
  axis: number,
): Constant {
  const own = scale.shape.length === 0 ? 0 : axisOf(axis, x.shape.length);
  const places = scalePlaces(x.shape, scale.shape, own),
    numbers = x.read(),
    scales = scale.read(),
    zeros = zero?.read();
  if (countOf(scale.shape) !== 1 && scale.shape.length === 1 && scale.shape[0] !== x.shape[own]) {
    node.fail("has scales that do not fit");
  }
  const result = new Float32Array(numbers.length);
  places.forEach((place, at) => result[at] = (numbers[at]! - (zeros?.[place] ?? 0)) * scales[place]!);
  return constantOf("float32", x.shape, result);
}

/** A value in float: as it is, or what its integers stand for. */
export function inFloat(node: NodeContext, x: Value, at: number, axis = 1): Value {
  const scale = node.constant(at) ?? node.fail("has no scale"), zero = node.constant(at + 1);
  if (x.kind === "constant") return dequantised(node, x, scale, zero, axis);
  if (isFloat(x.type)) return x;
  const isSpread = countOf(scale.shape) === 1;
  const along = isSpread ? 0 : axisOf(axis, x.shape.length);
  const own = isSpread
    ? []
    : scale.shape.length === 1
    ? x.shape.map((_, one) => one === along ? scale.shape[0]! : 1)
    : x.shape; // a scale for each block
  const places = scale.shape.length > 1 ? scalePlaces(x.shape, scale.shape, along) : undefined;
  const spread = (constant: Constant | undefined) => {
    const numbers = constant?.read();
    return constantOf(
      "float32",
      own,
      Float32Array.from({ length: countOf(own) }, (_, at) => numbers?.[places?.[at] ?? at] ?? 0),
    );
  };
  const scales = spread(scale), zeros = spread(zero);
  const { operands, shape, axes } = align(node, [x, zeros, scales]);
  const run = (x: tf.Tensor, zeros: tf.Tensor, scales: tf.Tensor) => x.cast("float32").sub(zeros).mul(scales);
  return node.compute(operands, (x, zeros, scales) => run(x!, zeros!, scales!), {
    shape,
    axes,
    type: "float32",
    part: `float${at}`,
  });
}

/** A value brought within what the integers of a type can stand for, which takes the place of rectifiers. */
export function withinRange(
  node: NodeContext,
  x: Live,
  scale: Constant,
  zero: Constant | undefined,
  type: ElementType,
): Live {
  node.note(note);
  if (countOf(scale.shape) !== 1) return x;
  const [least, most] = rangeOf(type), size = scale.read()[0]!, origin = zero?.read()[0] ?? 0;
  const [low, high] = [(least - origin) * size, (most - origin) * size];
  const activation = low === 0
    ? boundedRectifier({ threshold: 0, max: high })
    : { name: "clip", apply: (x: tf.Tensor) => tf.clipByValue(x, low, high) };
  return node.emit(new Activation(x.id, node.id(), activation), { ...x, type: "float32" });
}

const quantise: NodeTranslator = (node) => {
  const scale = node.constant(1) ?? node.fail("has no scale"), zero = node.constant(2);
  const type = zero?.type ?? kindOfCode(node.attributes.int("output_dtype", 2))?.type ?? "uint8";
  return withinRange(node, node.live(0), scale, zero, type);
};

const dequantise: NodeTranslator = (node) => inFloat(node, node.input(0), 1, node.attributes.int("axis", 1));

/** The value itself, with a scale of 1. */
const quantiseByRange: NodeTranslator = (node) => {
  node.note(note);
  return [
    node.live(0),
    constantOf("float32", [], Float32Array.of(1)),
    constantOf("float32", [], Float32Array.of(0)),
  ];
};

/** A product of quantised values: the same product of what they stand for, brought within the range of its result. */
function productInFloat(operator: "Conv" | "MatMul"): NodeTranslator {
  return (node) => {
    const x = inFloat(node, node.input(0), 1),
      weight = inFloat(node, node.input(3), 4, operator === "Conv" ? 0 : 1);
    const scale = node.constant(6) ?? node.fail("has no scale"),
      zero = node.constant(7),
      bias = node.constant(8);
    const inputs = [x, weight, bias && biasInFloat(node, bias)].filter((value) => value !== undefined);
    const result = node.as(operator, inputs, { part: "product" });
    return result.kind === "live" ? withinRange(node, result, scale, zero, zero?.type ?? "uint8") : result;
  };
}

/** A bias, whose scale is that of what is multiplied. */
function biasInFloat(node: NodeContext, bias: Constant): Constant {
  const input = node.constant(1)!.read()[0]!, weights = node.constant(4)!.read();
  const numbers = bias.read();
  const values = Float32Array.from(numbers, (value, at) => value * input * (weights[at] ?? weights[0]!));
  return constantOf("float32", bias.shape, values);
}

/** A product of integers, whose scales follow it. */
function productOfIntegers(operator: "Conv" | "MatMul"): NodeTranslator {
  return (node) => {
    const [x, weight] = [0, 1].map((at) => withoutZero(node, at)) as [Value, Value];
    node.note(note);
    return node.as(operator, [x, weight]);
  };
}

/** An integer value less its zero point. */
function withoutZero(node: NodeContext, at: number): Value {
  const value = node.input(at), zero = node.constant(at + 2);
  const isSingle = !zero || countOf(zero.shape) === 1;
  const origin = zero?.read();
  if (value.kind === "constant") {
    const places = isSingle
      ? undefined
      : scalePlaces(value.shape, zero.shape, at === 0 ? 0 : value.shape.length > 2 ? 0 : 1);
    const numbers = Float32Array.from(
      value.read(),
      (one, index) => one - (origin?.[places?.[index] ?? 0] ?? 0),
    );
    return constantOf("float32", value.shape, numbers);
  }
  const spread = !zero || isSingle ? [] : [zero.shape[0]!, 1];
  const zeros = constantOf("float32", spread, Float32Array.from(origin ?? [0]));
  const { operands, shape, axes } = align(node, [value, zeros]);
  const run = (x: tf.Tensor, zeros: tf.Tensor) => x.cast("float32").sub(zeros);
  return node.compute(operands, (x, zeros) => run(x!, zeros!), {
    shape,
    axes,
    type: "float32",
    part: `signed${at}`,
  });
}

/** Numbers in eight bits, computed in float. */
export const quantisedNodes: NodeTranslators = {
  ConvInteger: productOfIntegers("Conv"),
  DequantizeLinear: dequantise,
  DynamicQuantizeLinear: quantiseByRange,
  MatMulInteger: productOfIntegers("MatMul"),
  QLinearConv: productInFloat("Conv"),
  QLinearMatMul: productInFloat("MatMul"),
  QuantizeLinear: quantise,
};
