import * as tf from "../../../base/tfjs.ts";
import type { ElementType } from "../element_type.ts";
import type { NodeTranslator, NodeTranslators } from "../translator.ts";
import { binary } from "./arithmetic.ts";
import { align } from "./broadcast.ts";

/** A test of each number. */
function test(apply: (x: tf.Tensor) => tf.Tensor, type: ElementType = "bool"): NodeTranslator {
  return (node) => {
    const x = node.live(0);
    return node.compute([x], (x) => apply(x!), { ...x, type });
  };
}

/** TensorFlow.js compares numbers alone. */
function equal(a: tf.Tensor, b: tf.Tensor): tf.Tensor {
  return a.dtype === "bool" ? tf.equal(a.cast("int32"), b.cast("int32")) : tf.equal(a, b);
}

const where: NodeTranslator = (node) => {
  const { operands, shape, axes } = align(node, [node.input(0), node.input(1), node.input(2)]);
  const run = (condition: tf.Tensor, a: tf.Tensor, b: tf.Tensor) => tf.where(condition.cast("bool"), a, b);
  return node.compute(operands, (condition, a, b) => run(condition!, a!, b!), {
    shape,
    axes,
    type: node.input(1).type,
  });
};

/** Comparison and logic. */
export const logicNodes: NodeTranslators = {
  And: binary((a, b) => tf.logicalAnd(a, b), "bool"),
  Equal: binary(equal, "bool"),
  Greater: binary((a, b) => tf.greater(a, b), "bool"),
  GreaterOrEqual: binary((a, b) => tf.greaterEqual(a, b), "bool"),
  IsInf: (node) => {
    const positive = node.attributes.int("detect_positive", 1) === 1;
    const negative = node.attributes.int("detect_negative", 1) === 1;
    const sides = (x: tf.Tensor) =>
      positive && negative ? x.abs() : positive ? x : negative ? x.neg() : x.mul(0);
    return test((x) => tf.greater(sides(x), 3.4028235e38))(node);
  },
  IsNaN: test((x) => tf.isNaN(x)),
  Less: binary((a, b) => tf.less(a, b), "bool"),
  LessOrEqual: binary((a, b) => tf.lessEqual(a, b), "bool"),
  Not: test((x) => tf.logicalNot(x.cast("bool"))),
  Or: binary((a, b) => tf.logicalOr(a, b), "bool"),
  Where: where,
  Xor: binary((a, b) => tf.logicalXor(a, b), "bool"),
};
