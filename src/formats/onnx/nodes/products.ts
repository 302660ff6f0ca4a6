import * as tf from "../../../base/tfjs.ts";
import { Product } from "../../../operations/product.ts";
import { broadcastShape } from "../arrays/array.ts";
import { inOrder, withLast } from "../layout.ts";
import type { NodeContext, NodeTranslator, NodeTranslators } from "../translator.ts";
import { type Constant, constantOf, type Live, type Value } from "../value.ts";

/** A bias with one number for each column: those of a single number are spread. */
function biasOf(node: NodeContext, bias: Constant, columns: number, factor: number) {
  const numbers = bias.read();
  if (numbers.length === columns) return node.weight(bias, { shape: [columns], factor });
  return node.weight(constantOf("float32", [columns], new Float32Array(columns).fill(numbers[0]!)), {
    factor,
  });
}

/** The matrix that a value is multiplied by from the left, its rows stored one after another. */
function gemmOf(node: NodeContext): Value {
  const { attributes } = node;
  const alpha = attributes.float("alpha", 1), beta = attributes.float("beta", 1);
  const isTurned = attributes.int("transA", 0) === 1;
  const given = node.live(0);
  const a: Live = isTurned
    ? { ...given, shape: given.shape.toReversed(), axes: given.axes.map((axis) => 1 - axis) }
    : given;
  const b = node.constant(1) ?? node.fail("has no second matrix");
  const order = attributes.int("transB", 0) === 1 ? [1, 0] : [0, 1];
  const [depth, columns] = order.map((axis) => b.shape[axis]!) as [number, number];
  if (a.shape.length !== 2 || b.shape.length !== 2 || a.shape[1] !== depth) {
    node.fail("has weights that do not fit");
  }
  const x = node.stored(a, [0, 1]);
  const bias = node.constant(2);
  const isVector = bias &&
    (bias.read().length === 1 || (bias.shape.at(-1) === columns && bias.read().length === columns));
  if (bias && !isVector) node.fail("has a bias that is no vector");
  const operation = new Product({
    input: x.id,
    output: node.id(),
    kernel: node.weight(b, { order, factor: alpha }),
    bias: bias && biasOf(node, bias, columns, beta),
  });
  return node.emit(operation, { shape: [x.shape[0]!, columns] });
}

/** The product of a value's last axis with a matrix. */
function productWithMatrix(node: NodeContext, a: Live, b: Constant): Live {
  const [depth, columns] = b.shape as [number, number];
  if (a.shape.at(-1) !== depth) node.fail("has weights that do not fit");
  const x = node.stored(a, withLast(a.axes, a.shape.length - 1));
  const operation = new Product({ input: x.id, output: node.id(), kernel: node.weight(b) });
  return node.emit(operation, { shape: [...x.shape.slice(0, -1), columns], axes: x.axes });
}

/** A value with axes of one number in front. */
function withAxes(node: NodeContext, value: Value, rank: number, part: string): Value {
  if (value.shape.length >= rank) return value;
  const shape = [...new Array(rank - value.shape.length).fill(1), ...value.shape];
  return value.kind === "constant" ? { ...value, shape } : node.reshaped(value, shape, part);
}

const matMul: NodeTranslator = (node) => {
  const first = node.input(0), second = node.input(1);
  if (first.kind === "live" && second.kind === "constant" && second.shape.length === 2) {
    return productWithMatrix(node, first, second);
  }
  const left: Value = first.shape.length === 1 ? { ...withAxes(node, first, 2, "a") } : first;
  const right = second.shape.length === 1 ? column(node, second) : second;
  const rank = Math.max(left.shape.length, right.shape.length);
  const [a, b] = [withAxes(node, left, rank, "left"), withAxes(node, right, rank, "right")];
  if (a.shape.at(-1) !== b.shape.at(-2)) node.fail("has matrices that do not fit");
  const lead = broadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2));
  const operands = [a, b].map((value) => value.kind === "live" ? node.stored(value, inOrder(rank)) : value);
  const full = [...lead, a.shape.at(-2)!, b.shape.at(-1)!];
  const isFlat = first.shape.length === 1 || second.shape.length === 1;
  const result = node.compute(operands, (a, b) => tf.matMul(a!, b!), {
    shape: full,
    part: isFlat ? "full" : undefined,
  });
  if (!isFlat) return result;
  const shape = [
    ...lead,
    ...(first.shape.length === 1 ? [] : [full.at(-2)!]),
    ...(second.shape.length === 1 ? [] : [full.at(-1)!]),
  ];
  return node.reshaped(result, shape);
};

function column(node: NodeContext, value: Value): Value {
  const shape = [value.shape[0]!, 1];
  return value.kind === "constant" ? { ...value, shape } : node.reshaped(value, shape, "column");
}

/** Products of matrices. */
export const productNodes: NodeTranslators = {
  Gemm: gemmOf,
  MatMul: matMul,
};
