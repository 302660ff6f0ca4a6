import * as tf from "../../../base/tfjs.ts";
import { Affine } from "../../../operations/affine.ts";
import { Arithmetic, type ArithmeticKind } from "../../../operations/arithmetic.ts";
import { Sum } from "../../../operations/sum.ts";
import { type Constant, constantOf, type Live, type Value } from "../value.ts";
import { type ElementType, isFloat } from "../element_type.ts";
import type { NodeContext, NodeTranslator, NodeTranslators } from "../translator.ts";
import { align, isOfChannels } from "./broadcast.ts";

/** Each channel times a number, or a number added to it, which is folded into the weights before it. */
function affine(node: NodeContext, x: Live, constant: Constant, kind: ArithmeticKind): Live {
  const numbers = constant.read();
  const own = kind === "div"
    ? constantOf("float32", constant.shape, Float32Array.from(numbers, (value) => 1 / value))
    : constant;
  const weight = node.weight(own, { shape: [numbers.length], factor: kind === "sub" ? -1 : 1 });
  const read = () => weight.read().clone() as tf.Tensor1D;
  const coefficients = kind === "mul" || kind === "div"
    ? () => ({ scale: read() })
    : () => ({ shift: read() });
  return node.emit(new Affine(x.id, node.id(), { coefficients, weights: [weight] }), { ...x });
}

/** The shape of old: the second value's axes lie along those of the first from one on. */
function legacyShaped(node: NodeContext, a: Value, b: Value): Value {
  if (node.opset >= 7 || node.attributes.int("broadcast", 0) !== 1 || b.kind !== "constant") return b;
  const axis = node.attributes.int("axis", a.shape.length - b.shape.length);
  const trailing = a.shape.length - axis - b.shape.length;
  return trailing <= 0 ? b : { ...b, shape: [...b.shape, ...new Array(trailing).fill(1)] };
}

/** Addition and the like, of values and constants. */
function arithmetic(kind: ArithmeticKind): NodeTranslator {
  return (node) => {
    const a = node.input(0), b = legacyShaped(node, a, node.input(1));
    if (!isFloat(a.type)) return integerArithmetic(node, a, b, kind);
    if (a.kind === "live" && b.kind === "constant" && isOfChannels(b, a)) return affine(node, a, b, kind);
    const isCommutative = kind === "add" || kind === "mul";
    if (isCommutative && b.kind === "live" && a.kind === "constant" && isOfChannels(a, b)) {
      return affine(node, b, a, kind);
    }
    const { operands, shape, axes } = align(node, [a, b]);
    const [x, y] = operands.map((one) => "id" in one ? one.id : one) as [string, string];
    const areAlike = a.kind === "live" && b.kind === "live" && a.shape.length === b.shape.length;
    const operation = kind === "add" && areAlike
      ? new Sum([x, y], node.id())
      : new Arithmetic(kind, [x, y], node.id());
    return node.emit(operation, { shape, axes });
  };
}

const integerKernels: Readonly<Record<ArithmeticKind, (a: tf.Tensor, b: tf.Tensor) => tf.Tensor>> = {
  add: tf.add,
  sub: tf.sub,
  mul: tf.mul,
  div: (a, b) => {
    const quotient = tf.div(a.cast("float32"), b.cast("float32"));
    return tf.sign(quotient).mul(tf.floor(tf.abs(quotient))).cast("int32"); // cut off towards 0
  },
};

function integerArithmetic(node: NodeContext, a: Value, b: Value, kind: ArithmeticKind): Live {
  const { operands, shape, axes } = align(node, [a, b]);
  return node.compute(operands, (x, y) => integerKernels[kind](x!, y!), { shape, axes });
}

/** What is left of a division that was cut off towards 0. */
function truncatedRemainder(a: tf.Tensor, b: tf.Tensor): tf.Tensor {
  const left = tf.mod(a.abs(), b.abs());
  return left.mul(tf.sign(a));
}

/** Any operation on two values that is spread over them. */
export function binary(
  compute: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor,
  type?: ElementType,
): NodeTranslator {
  return (node) => {
    const { operands, shape, axes } = align(node, [node.input(0), node.input(1)]);
    return node.compute(operands, (a, b) => compute(a!, b!), { shape, axes, type });
  };
}

/** An operation on any number of values, one after another. */
export function together(
  compute: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor,
  finish: (sum: tf.Tensor, count: number) => tf.Tensor = (sum) => sum,
): NodeTranslator {
  return (node) => {
    const values = node.inputs.map((_, at) => node.input(at));
    if (values.length === 1) return values[0]!;
    const { operands, shape, axes } = align(node, values);
    const run = (...tensors: tf.Tensor[]) =>
      finish(tensors.slice(1).reduce((sum, one) => compute(sum, one), tensors[0]!), tensors.length);
    return node.compute(operands, run, { shape, axes });
  };
}

const sum: NodeTranslator = (node) => {
  const values = node.inputs.map((_, at) => node.input(at));
  const [first] = values as [Value];
  if (values.length === 1) return first;
  const areAlike = values.every(({ kind, shape }) => kind === "live" && shape.length === first.shape.length);
  if (!areAlike) return together(tf.add)(node);
  const { operands, shape, axes } = align(node, values);
  return node.emit(new Sum(operands.map((one) => (one as Live).id), node.id()), { shape, axes });
};

/** Addition, subtraction, multiplication, division, and what goes with them. */
export const arithmeticNodes: NodeTranslators = {
  Add: arithmetic("add"),
  Div: arithmetic("div"),
  Max: together(tf.maximum),
  Mean: together(tf.add, (sum, count) => sum.div(count)),
  Min: together(tf.minimum),
  Mod: (node) => {
    const isTruncated = node.attributes.int("fmod", 0) === 1;
    return binary((a, b) => isTruncated ? truncatedRemainder(a, b) : tf.mod(a, b))(node);
  },
  Mul: arithmetic("mul"),
  Pow: binary((a, b) => tf.pow(a, b)),
  Sub: arithmetic("sub"),
  Sum: sum,
};
