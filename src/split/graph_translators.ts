import * as tf from "../base/tfjs.ts";
import { einsum } from "../../backends/kernels/einsum.ts";
import { Activation, findActivation, leakyRelu } from "../operations/activation.ts";
import { Affine } from "../operations/affine.ts";
import { Computation } from "../operations/computation.ts";
import { Identity } from "../operations/identity.ts";
import { MeanPool } from "../operations/mean_pool.ts";
import { Padding } from "../operations/padding.ts";
import type { RectifierKind } from "../operations/operation.ts";
import { Reshape } from "../operations/reshape.ts";
import { Sum } from "../operations/sum.ts";
import { Transpose } from "../operations/transpose.ts";
import { ValueProduct } from "../operations/value_product.ts";
import { computeForOne, reshapedForOne } from "./graph_batch.ts";
import { translateJoinedBatchNorm } from "./graph_fused.ts";
import { translateBatchNorm } from "./graph_batch_norm.ts";
import { translateConvolution, translateProduct } from "./graph_products.ts";
import { broadcast, slice, stridedSlice } from "./graph_slices.ts";
import { computationOf, type NodeContext, type NodeTranslator } from "./graph_translation.ts";

function activation(name: string): NodeTranslator {
  return ({ input, output }) => [new Activation(input, output, findActivation(name)!)];
}

/** A function of each element, which no kernel joins. */
function unary(apply: (x: tf.Tensor) => tf.Tensor): NodeTranslator {
  return ({ node, input, output }) => [new Activation(input, output, { name: node.op.toLowerCase(), apply })];
}

const identity: NodeTranslator = ({ input, output }) => [new Identity(input, output)];

/** An operation on two values, of which either may be a constant. */
function arithmetic(
  compute: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor,
  rectifier?: RectifierKind,
): NodeTranslator {
  return ({ output, operand, batch }) => {
    const operands = [operand(0), operand(1)].filter((one) => one !== undefined);
    if (operands.length < 2) return undefined;
    const run = computeForOne(operands, batch, (a, b) => compute(a!, b!));
    return [computationOf(operands, output, run, rectifier)];
  };
}

/** A vector that is added to all pixels, as an affine operation, which can be folded. */
const addition: NodeTranslator = (context) => {
  const [a, b] = [context.operand(0), context.operand(1)];
  if (context.batch === 1 && typeof a === "string" && typeof b === "string") {
    return [new Sum([a, b], context.output)];
  }
  const shift = context.isLive(0) ? context.constant(1) : undefined;
  if (!shift || shift.rank !== 1 || shift.size === 1) return arithmetic((a, b) => tf.add(a, b))(context);
  return [
    new Affine(context.input, context.output, {
      coefficients: () => ({ shift: shift.clone() as tf.Tensor1D }),
    }),
  ];
};

/** The larger of two values; where one is 0, a rectifier. */
const larger: NodeTranslator = (context) => {
  const { output, operand, numbers } = context;
  const zero = [0, 1].find((index) => {
    const values = numbers(index);
    return values?.length === 1 && values[0] === 0;
  });
  const other = zero === undefined ? undefined : operand(1 - zero);
  if (typeof other !== "string") return arithmetic((a, b) => tf.maximum(a, b))(context);
  return [new Activation(other, output, findActivation("relu")!)];
};

function pool(compute: typeof tf.maxPool | typeof tf.avgPool): NodeTranslator {
  return ({ input, output, attribute }) => {
    const size = attribute<number[]>("kernelSize"), strides = attribute<number[]>("strides");
    const pad = attribute<"same" | "valid">("pad");
    if (!size || !strides || (pad !== "same" && pad !== "valid")) return undefined;
    const window: [number, number] = [size[1]!, size[2]!],
      steps: [number, number] = [strides[1]!, strides[2]!];
    return [new Computation([input], output, (x) => compute(x as tf.Tensor4D, window, steps, pad))];
  };
}

/** A node that changes the shape, from the shape it takes. */
function reshaping(
  shapeOf: (context: NodeContext) => ((shape: readonly number[]) => number[]) | undefined,
): NodeTranslator {
  return (context) => {
    const shape = shapeOf(context);
    return shape && [new Reshape(context.input, context.output, shape)];
  };
}

/** A shape that may say −1 for what is left, each picture staying one where that can be. */
function reshaped(shape: readonly number[], [batch, ...rest]: readonly number[]): number[] {
  const [given, ...sizes] = shape;
  const own = tf.util.sizeFromShape(sizes), known = tf.util.sizeFromShape(rest.filter((size) => size !== -1));
  const isOwn = rest.includes(-1) ? own % known === 0 : own === known;
  return (batch === -1 || batch === 1) && isOwn ? [given!, ...rest] : [batch!, ...rest];
}

/** A sum of products of one or two values, either of which may be a constant. */
const sumOfProducts: NodeTranslator = ({ node, output, operand, attribute }) => {
  const equation = attribute<string>("equation")?.replaceAll(" ", "");
  const [inputs = "", result] = equation?.split("->") ?? [];
  const terms = inputs.split(",");
  if (
    equation === undefined || result === undefined || terms.length !== node.inputNames.length ||
    terms.length > 2
  ) {
    return undefined;
  }
  if (terms.some((term) => new Set(term).size !== term.length)) return undefined; // a diagonal, or an ellipsis
  const operands = terms.map((_, index) => operand(index)!);
  return [computationOf(operands, output, (...values) => einsum(values, equation))];
};

const mean: NodeTranslator = ({ input, output, numbers, attribute }) => {
  const axes = numbers(1)?.toSorted();
  const keepsAxes = attribute<boolean>("keepDims") === true;
  if (axes?.join() === "1,2") return [new MeanPool(input, output, keepsAxes)];
  // Of a sequence's tokens, or of each place's channels; that of pictures is not taken for one of one picture.
  return axes && axes.length === 1 && axes[0] !== 0
    ? [new Computation([input], output, (x) => x.mean(axes, keepsAxes))]
    : undefined;
};

/** The product of two values, one for each of what is before their last two axes; adjoint in the second alone. */
const valueProduct: NodeTranslator = ({ output, operand, attribute, batch }) => {
  const [a, b] = [operand(0), operand(1)];
  const isTurned = attribute<boolean>("transposeA");
  if (batch !== 1 || typeof a !== "string" || typeof b !== "string" || isTurned) return undefined;
  return [
    new ValueProduct(a, b, output, {
      transposed: attribute<boolean>("transposeB") ?? false,
    }),
  ];
};

const transposition: NodeTranslator = ({ input, output, numbers, isLive }) => {
  const order = numbers(1);
  return order && isLive(0) ? [new Transpose(input, output, order)] : undefined;
};

const maximum: NodeTranslator = ({ input, output, numbers, attribute }) => {
  const axes = numbers(1);
  const keepsAxes = attribute<boolean>("keepDims") === true;
  return axes && [new Computation([input], output, (x) => tf.max(x, axes, keepsAxes))];
};

const padding: NodeTranslator = ({ input, output, numbers, attribute }) => {
  const amounts = numbers(1);
  const value = attribute<number>("constantValue") ?? numbers(2)?.[0] ?? 0;
  const [before, after, top, bottom, left, right, front, back] = amounts ?? [];
  if (amounts?.length !== 8 || value !== 0 || before || after || front || back) return undefined;
  return [new Padding(input, output, [top!, bottom!], [left!, right!])];
};

const concatenation: NodeTranslator = ({ node, output, numbers, operand, batch }) => {
  const [axis] = numbers(node.inputNames.length - 1) ?? [];
  if (axis === undefined) return undefined;
  const operands = node.inputNames.slice(0, -1).map((_, index) => operand(index)!);
  const run = computeForOne(operands, batch, (...values) => tf.concat(values, axis));
  return [computationOf(operands, output, run)];
};

/** A transposed convolution to a size that the graph holds. */
const transposedConvolution: NodeTranslator = ({ output, numbers, operand, isLive, attribute }) => {
  const size = numbers(0), strides = attribute<number[]>("strides"), pad = attribute<"same" | "valid">("pad");
  const [filter, x] = [operand(1), operand(2)];
  if (!size || !strides || filter === undefined || x === undefined || !isLive(2)) return undefined;
  if (pad !== "same" && pad !== "valid") return undefined;
  const [, height, width, channels] = size as [number, number, number, number];
  const steps: [number, number] = [strides[1]!, strides[2]!];
  return [
    computationOf([x, filter], output, (x, filter) => {
      const shape: [number, number, number, number] = [x!.shape[0]!, height, width, channels];
      return tf.conv2dTranspose(x as tf.Tensor4D, filter as tf.Tensor4D, shape, steps, pad);
    }),
  ];
};

/** The nodes that are taken apart, by operation. All others are left to TensorFlow.js. */
export const translators: Readonly<Record<string, NodeTranslator>> = {
  Add: addition,
  AddV2: addition,
  Atan: unary((x) => tf.atan(x)),
  AvgPool: pool(tf.avgPool),
  BatchMatMul: valueProduct,
  BatchMatMulV2: valueProduct,
  BiasAdd: addition,
  BroadcastTo: broadcast,
  ConcatV2: concatenation,
  Conv2D: translateConvolution(false),
  Conv2DBackpropInput: transposedConvolution,
  DepthwiseConv2d: translateConvolution(true),
  DepthwiseConv2dNative: translateConvolution(true),
  Einsum: sumOfProducts,
  Elu: activation("elu"),
  EnsureShape: identity,
  Erf: unary((x) => tf.erf(x)),
  Exp: unary((x) => tf.exp(x)),
  Expm1: unary((x) => tf.expm1(x)),
  ExpandDims: reshaping(({ numbers }) => {
    const [axis] = numbers(1) ?? [];
    return axis === undefined
      ? undefined
      : (shape) => shape.toSpliced(axis < 0 ? shape.length + 1 + axis : axis, 0, 1);
  }),
  FusedBatchNorm: translateBatchNorm,
  FusedBatchNormV2: translateBatchNorm,
  FusedBatchNormV3: translateBatchNorm,
  FusedDepthwiseConv2dNative: translateConvolution(true),
  Identity: identity,
  LeakyRelu: ({ input, output, attribute }) => [
    new Activation(input, output, leakyRelu(attribute<number>("alpha") ?? 0.2)),
  ],
  Log: unary((x) => tf.log(x)),
  Log1p: unary((x) => tf.log1p(x)),
  MatMul: translateProduct,
  Max: maximum,
  MaxPool: pool(tf.maxPool),
  Maximum: larger,
  Mean: mean,
  Minimum: arithmetic((a, b) => tf.minimum(a, b)),
  Mul: arithmetic((a, b) => tf.mul(a, b)),
  Pad: padding,
  PadV2: padding,
  Prelu: arithmetic((x, slopes) => tf.prelu(x, slopes), "kept"),
  RealDiv: arithmetic((a, b) => tf.div(a, b)),
  Relu: activation("relu"),
  Relu6: activation("relu6"),
  Reshape: reshaping(({ numbers, batch }) => {
    const target = numbers(1);
    if (!target || target.length === 0) return undefined;
    return (shape) => batch === 1 ? reshaped(shape, target) : reshapedForOne(target, shape, batch);
  }),
  Rsqrt: unary((x) => tf.rsqrt(x)),
  Selu: unary((x) => tf.selu(x)),
  Sigmoid: activation("sigmoid"),
  Slice: slice,
  Snapshot: identity,
  Softmax: activation("softmax"),
  Softplus: unary((x) => tf.softplus(x)),
  Sqrt: unary((x) => tf.sqrt(x)),
  Squeeze: reshaping(({ attribute }) => {
    const axes = attribute<number[]>("axis");
    if (!axes || axes.length === 0) return undefined;
    return (shape) => shape.filter((_, axis) => !axes.includes(axis) && !axes.includes(axis - shape.length));
  }),
  SquaredDifference: arithmetic((a, b) => tf.square(tf.sub(a, b))),
  StopGradient: identity,
  StridedSlice: stridedSlice,
  Sub: arithmetic((a, b) => tf.sub(a, b)),
  Tanh: activation("tanh"),
  Transpose: transposition,
  _FusedBatchNormEx: translateJoinedBatchNorm,
  _FusedConv2D: translateConvolution(false),
  _FusedMatMul: translateProduct,
};
