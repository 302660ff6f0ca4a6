import * as tf from "../../../base/tfjs.ts";
import { Product } from "../../../operations/product.ts";
import { multiplyValues, ValueProduct } from "../../../operations/value_product.ts";
import { countOf } from "../../../base/tensor_info.ts";
import { broadcastShape } from "../arrays/array.ts";
import { transposeInto } from "../arrays/transpose.ts";
import { inOrder, withLast } from "../layout.ts";
import type { NodeContext, NodeTranslator, NodeTranslators } from "../translator.ts";
import { type Constant, constantOf, type Live, type Value } from "../value.ts";
import { transposed } from "./shaping.ts";

/** A bias with one number for each column: those of a single number are spread. */
function biasOf(node: NodeContext, bias: Constant, columns: number, factor: number) {
  const numbers = bias.read();
  if (numbers.length === columns) return node.weight(bias, { shape: [columns], factor });
  return node.weight(constantOf("float32", [columns], new Float32Array(columns).fill(numbers[0]!)), {
    factor,
  });
}

/** A matrix, turned where the node says so. */
function turned(node: NodeContext, value: Value, attribute: string): Value {
  if (value.shape.length !== 2) node.fail("has a matrix of other than two axes");
  if (node.attributes.int(attribute, 0) !== 1) return value;
  return value.kind === "live" ? transposed(value, [1, 0]) : turnedConstant(value);
}

function turnedConstant(value: Constant): Constant {
  const shape = value.shape.toReversed();
  return {
    kind: "constant",
    type: value.type,
    shape,
    read() {
      const numbers = value.read(), result = numbers.slice();
      transposeInto(result, numbers, value.shape, [1, 0]);
      return result;
    },
  };
}

/** α · a · b + β · c */
const gemm: NodeTranslator = (node) => {
  const { attributes } = node, alpha = attributes.float("alpha", 1), beta = attributes.float("beta", 1);
  const a = turned(node, node.input(0), "transA"), second = node.input(1), bias = node.inputs[2];
  const order = attributes.int("transB", 0) === 1 ? [1, 0] : [0, 1];
  const [depth, columns] = order.map((axis) => second.shape[axis] ?? 0) as [number, number];
  if (second.shape.length !== 2 || a.shape[1] !== depth) node.fail("has weights that do not fit");
  const isVector = !bias || bias.kind === "constant" &&
      (countOf(bias.shape) === 1 || bias.shape.at(-1) === columns && countOf(bias.shape) === columns);
  if (a.kind === "live" && second.kind === "constant" && isVector) {
    const x = node.stored(a, [0, 1]);
    const operation = new Product({
      input: x.id,
      output: node.id(),
      kernel: node.weight(second, { order, factor: alpha }),
      bias: bias && biasOf(node, bias as Constant, columns, beta),
    });
    return node.emit(operation, { shape: [x.shape[0]!, columns], type: a.type });
  }
  const b = turned(node, second, "transB"), shape = [a.shape[0]!, columns];
  const operands = [a, b, bias].flatMap((value) =>
    value?.kind === "live" ? node.stored(value, inOrder(value.shape.length)) : value ?? []
  );
  const run = (a: tf.Tensor, b: tf.Tensor, c?: tf.Tensor) => {
    const product = tf.matMul(a, b).mul(alpha);
    return c ? product.add(c.mul(beta)) : product;
  };
  return node.compute(operands, (a, b, c) => run(a!, b!, c), { shape });
};

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

/** The product of two values' last axes; the second may be stored with its own exchanged, as keys are. */
function productOfValues(
  node: NodeContext,
  [a, b]: readonly [Value, Value],
  { shape, part }: { readonly shape: readonly number[]; readonly part: string | undefined },
): Live {
  const rank = shape.length, order = inOrder(rank);
  if (a.kind === "constant" || b.kind === "constant") {
    const operands = [a, b].map((value) => value.kind === "live" ? node.stored(value, order) : value);
    return node.compute(operands, (a, b) => multiplyValues(a!, b!), { shape, part });
  }
  const transposed = b.axes.indexOf(rank - 1) < b.axes.indexOf(rank - 2);
  const own = transposed ? [...order.slice(0, -2), rank - 1, rank - 2] : order;
  const ids = [node.stored(a, order).id, node.stored(b, own).id] as const;
  return node.emit(new ValueProduct(...ids, node.id(part), { transposed }), { shape });
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
  const full = [...lead, a.shape.at(-2)!, b.shape.at(-1)!];
  const isFlat = first.shape.length === 1 || second.shape.length === 1;
  const result = productOfValues(node, [a, b], { shape: full, part: isFlat ? "full" : undefined });
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
  Gemm: gemm,
  MatMul: matMul,
};
