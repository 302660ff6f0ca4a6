import * as tf from "../base/tfjs.ts";
import { Convolution, convolve, type Geometry } from "../operations/convolution.ts";
import type { LinearParts } from "../operations/linear.ts";
import type { Operation } from "../operations/operation.ts";
import { Product } from "../operations/product.ts";
import { fixedWeight, vectorOf, type Weight } from "../operations/weight.ts";
import { followProduct, type FusedPart, fusedParts } from "./graph_fused.ts";
import { computationOf, type NodeContext, type NodeTranslator } from "./graph_translation.ts";

/** How to compute a product. */
interface ProductKind {
  /** With weights, as an operation that others can be joined with. */
  readonly linear: ((parts: LinearParts) => Operation) | undefined;
  /** Of any two values. */
  compute(x: tf.Tensor, kernel: tf.Tensor): tf.Tensor;
  /** How many channels the result has. */
  channels(kernel: readonly number[]): number;
}

/** Whether a shape is that of a vector, with axes of 1 before it maybe, as TensorFlow's optimiser leaves them. */
function isVector(shape: readonly number[], size: number): boolean {
  return shape.at(-1) === size && tf.util.sizeFromShape([...shape]) === size;
}

/** The bias that a product can add itself: a weight with a number for each channel. */
function ownBias(
  { name, operands: [bias] }: FusedPart,
  { constant }: NodeContext,
  channels: number,
): Weight | undefined {
  const tensor = name === "biasadd" && typeof bias !== "string" ? constant(2) : undefined;
  return tensor && isVector(tensor.shape, channels) ? vectorOf(fixedWeight(tensor)) : undefined;
}

/** A product with what was fused into it, taken apart again so that a cut finds each. */
function takeApart(
  context: NodeContext,
  { linear, compute, channels }: ProductKind,
): Operation[] | undefined {
  const { input, output } = context;
  const [x, kernel] = [context.operand(0), context.operand(1)];
  const all = fusedParts(context);
  if (x === undefined || kernel === undefined || !all) return undefined;
  const weights = context.constant(1);
  const isLinear = linear && typeof x === "string" && typeof kernel !== "string";
  const [first, ...others] = all;
  const bias = isLinear && weights && first ? ownBias(first, context, channels(weights.shape)) : undefined;
  const parts = bias ? others : all;
  const product = parts.length === 0 ? output : `${output}@linear`;
  const made = isLinear
    ? linear({ input, output: product, kernel, bias })
    : computationOf([x, kernel], product, (x, kernel) => compute(x!, kernel!));
  const between = parts.slice(1).map((_, at) => `${output}@part${at + 1}`);
  const rest = followProduct(parts, [product, ...between, output], context);
  return rest && [made, ...rest];
}

function isNhwc({ attribute }: NodeContext): boolean {
  return (attribute<string>("dataFormat") ?? "NHWC").toUpperCase() === "NHWC";
}

/** Padding of each side, as the converter lists it: before and after, axis by axis. */
function explicitPadding(list: readonly number[]): tf.backend_util.ExplicitPadding {
  const [top = 0, bottom = 0, left = 0, right = 0] = list.slice(2);
  return [[0, 0], [top, bottom], [left, right], [0, 0]];
}

/** A convolution. */
export function translateConvolution(depthwise: boolean): NodeTranslator {
  return (context) => {
    const { attribute } = context;
    const strides = attribute<number[]>("strides");
    const dilations = attribute<number[]>("dilations") ?? [1, 1, 1, 1];
    const named = attribute<"same" | "valid" | "explicit">("pad");
    if (!strides || !named || !isNhwc(context)) return undefined;
    const pad = named === "explicit" ? explicitPadding(attribute<number[]>("explicitPaddings") ?? []) : named;
    const pair = ([, down, across]: number[]) => [down!, across!] as const;
    const geometry: Geometry = { strides: pair(strides), dilations: pair(dilations), pad, depthwise };
    return takeApart(context, {
      linear: (parts) => new Convolution(geometry, parts),
      compute: (x, kernel) => convolve(x as tf.Tensor4D, kernel as tf.Tensor4D, geometry),
      channels: ([, , channels, filters]) => depthwise ? channels! * filters! : filters!,
    });
  };
}

/** A product of matrices. */
export const translateProduct: NodeTranslator = (context) => {
  const { attribute } = context;
  const [turnsX, turnsKernel] = ["transposeA", "transposeB"].map((name) => attribute<boolean>(name) ?? false);
  return takeApart(context, {
    linear: turnsX || turnsKernel ? undefined : (parts) => new Product(parts),
    compute: (x, kernel) => tf.matMul(x, kernel, turnsX, turnsKernel),
    channels: ([rows, columns]) => turnsKernel ? rows! : columns!,
  });
};
