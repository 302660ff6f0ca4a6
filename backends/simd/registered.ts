/**
 * Our own kernels in the places of TensorFlow.js's, where they are faster.
 *
 * @module
 */
import type * as tf from "../../src/base/tfjs.ts";
import { type ConvolutionGeometry, convolutionGeometry } from "../kernels/convolution_geometry.ts";
import type { ConvolutionAttributes, Kernel, KernelCall } from "../kernels/kernel.ts";
import type { FusedAttributes } from "../kernels/fused_bias.ts";
import { activationNumbers } from "./activation.ts";
import { convolve } from "./convolution.ts";
import { convolveDepthwise } from "./depthwise.ts";
import type { ActivationNumbers } from "./kernels.ts";
import { type Machine, onMachine } from "./machine.ts";
import { multiplyMatrices, planMatrices } from "./matrices.ts";
import { multiply } from "./product.ts";
import { addNumbers } from "./sum.ts";
import { softmaxRows } from "./softmax.ts";
import { transposeAxes } from "./transpose.ts";
import { convolveWinograd, suitsWinograd } from "./winograd.ts";

/** What follows a product, as the kernels take it. */
interface Ending {
  readonly bias: tf.Tensor | undefined;
  /** Added before the activation. */
  readonly addend: tf.Tensor | undefined;
  readonly activation: ActivationNumbers;
}

/** What is asked for. */
type Asked<Attributes> = Pick<KernelCall<Attributes>, "inputs" | "attributes">;

/** The settings of a convolution, fused or not. */
interface FusedConvolutionAttributes extends ConvolutionAttributes, FusedAttributes {
  readonly depthwise?: boolean;
}

/** The settings of a product of matrices. */
interface ProductAttributes extends FusedAttributes {
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

function isFloat(...tensors: readonly (tf.Tensor | undefined)[]): boolean {
  return tensors.every((tensor) => !tensor || tensor.dtype === "float32");
}

/**
 * What follows a product, where the kernels can compute it: a bias with a number for each channel, numbers to add, and few
 * activations.
 */
function endingOf(
  { inputs: { bias, addend }, attributes }: Asked<FusedAttributes>,
  shape: readonly number[],
): Ending | undefined {
  const channels = shape.at(-1)!;
  if (bias && (bias.size !== channels || bias.shape.at(-1) !== channels)) return undefined;
  if (!isFloat(bias, addend) || (addend && !isSameShape(addend.shape, shape))) return undefined;
  const activation = activationNumbers(attributes.activation, attributes.leakyreluAlpha);
  return activation && { bias, addend, activation };
}

function isSameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((size, axis) => size === b[axis]);
}

/** The geometry that was worked out last for some settings, and of which shapes. */
interface KnownGeometry {
  readonly input: readonly number[];
  readonly filter: readonly number[];
  readonly geometry: ConvolutionGeometry;
}

const geometries = new WeakMap<object, KnownGeometry>();

/** What a convolution's shapes and settings give; that takes as long as a small convolution. */
function geometryOf(
  x: tf.Tensor4D,
  filter: tf.Tensor4D,
  attributes: ConvolutionAttributes & { readonly depthwise: boolean },
): ConvolutionGeometry {
  const known = geometries.get(attributes);
  if (known && isSameShape(known.input, x.shape) && isSameShape(known.filter, filter.shape)) {
    return known.geometry;
  }
  const geometry = convolutionGeometry(x.shape, filter.shape, attributes);
  geometries.set(attributes, { input: x.shape, filter: filter.shape, geometry });
  return geometry;
}

/** Compute with our own kernels if there are some and they can; else as before. */
function faster<Attributes extends object>(
  name: string,
  run: (machine: Machine, call: KernelCall<Attributes>) => tf.TensorInfo | undefined,
): Kernel<Attributes> {
  return {
    name,
    backends: ["wasm"],
    replaces: true,
    makesNothingElse: true,
    run(call) {
      return onMachine((machine) => run(machine, call)) ?? call.original(call.attributes);
    },
  };
}

/** A convolution that the kernels can compute. */
interface AskedConvolution {
  readonly x: tf.Tensor4D;
  readonly filter: tf.Tensor4D;
  readonly geometry: ConvolutionGeometry;
  readonly ending: Ending;
}

/** What is asked for, where it is of the usual kind; what is wrong with it, TensorFlow.js tells. */
function asked(call: Asked<FusedConvolutionAttributes>, depthwise: boolean): AskedConvolution | undefined {
  const x = call.inputs.x as tf.Tensor4D, filter = call.inputs.filter as tf.Tensor4D;
  const { dataFormat = "NHWC" } = call.attributes;
  if (x.rank !== 4 || x.shape[3] !== filter.shape[2] || dataFormat !== "NHWC" || !isFloat(x, filter)) {
    return undefined;
  }
  const { attributes } = call;
  const settings = attributes.depthwise === depthwise
    ? attributes as Required<typeof attributes>
    : { ...attributes, depthwise };
  const geometry = geometryOf(x, filter, settings);
  const ending = endingOf(call, geometry.outShape);
  const isSome = x.size * filter.size > 0 && geometry.outHeight > 0 && geometry.outWidth > 0;
  return isSome && ending ? { x, filter, geometry, ending } : undefined;
}

/** A convolution with what is fused into it; `undefined` where the kernels do not compute it. */
export function convolution(
  machine: Machine,
  call: Asked<FusedConvolutionAttributes>,
): tf.TensorInfo | undefined {
  const convolution = asked(call, false);
  if (!convolution) return undefined;
  const { x, filter, geometry, ending } = convolution;
  const [height, width, depth, channels] = filter.shape;
  const sum = { taps: height * width * depth, channels, weights: filter, ...ending };
  if (suitsWinograd(geometry)) return convolveWinograd(machine, { x, geometry }, sum);
  if (!isPointwise(geometry)) return convolve(machine, { x, geometry }, sum);
  return multiply(machine, { x, rows: x.size / depth, shape: geometry.outShape }, sum);
}

/** Whether each pixel of the output comes from the same of the input alone. */
function isPointwise({ filterHeight, filterWidth, ...geometry }: ConvolutionGeometry): boolean {
  const { inHeight, inWidth, outHeight, outWidth, padInfo } = geometry;
  return filterHeight * filterWidth === 1 && inHeight === outHeight && inWidth === outWidth &&
    padInfo.top + padInfo.left === 0;
}

/** Likewise one of each channel on its own. */
export function depthwise(
  machine: Machine,
  call: Asked<FusedConvolutionAttributes>,
): tf.TensorInfo | undefined {
  const convolution = asked(call, true);
  if (!convolution || convolution.filter.shape[3] !== 1 || convolution.ending.addend) return undefined;
  const { x, filter, geometry, ending } = convolution;
  return convolveDepthwise(machine, { x, geometry }, { weights: filter, ...ending });
}

/** Likewise a product of matrices. */
export function product(machine: Machine, call: Asked<ProductAttributes>): tf.TensorInfo | undefined {
  const { inputs: { a, b }, attributes: { transposeA, transposeB } } = call;
  const [taps, channels] = b!.shape.slice(-2) as [number, number];
  const isOneMatrix = b!.size === taps * channels && b!.rank <= a!.rank;
  if (!isFloat(a, b)) return undefined;
  if (transposeA || transposeB || !isOneMatrix) return productOfMatrices(machine, call);
  if (a!.shape.at(-1) !== taps || a!.size * channels === 0) return undefined; // an error, which TensorFlow.js tells
  const shape = [...a!.shape.slice(0, -1), channels];
  const ending = endingOf(call, shape);
  if (!ending) return undefined;
  return multiply(machine, { x: a!, rows: a!.size / taps, shape }, {
    taps,
    channels,
    weights: b!,
    ...ending,
  });
}

/** A sum of tensors of one shape, as where a connection that skipped some layers joins the others. */
function sum(machine: Machine, { inputs: { a, b } }: KernelCall<object>): tf.TensorInfo | undefined {
  const isSame = a!.rank === b!.rank && a!.shape.every((size, axis) => size === b!.shape[axis]);
  if (!isSame || a!.size === 0 || !isFloat(a, b)) return undefined;
  return addNumbers(machine, a!, b!);
}

/** A product of which no matrix is one of weights to be packed once: of many, or transposed. */
function productOfMatrices(machine: Machine, call: Asked<ProductAttributes>): tf.TensorInfo | undefined {
  const { inputs: { a, b }, attributes } = call;
  const matrices = planMatrices(a!, b!, attributes);
  const ending = matrices && endingOf(call, matrices.shape);
  return ending && !ending.addend ? multiplyMatrices(machine, matrices, ending) : undefined;
}

/** A softmax of the last axis. */
function softmax(
  machine: Machine,
  { inputs: { logits }, attributes: { dim } }: KernelCall<{ readonly dim: number }>,
): tf.TensorInfo | undefined {
  const isLast = dim === -1 || dim === logits!.rank - 1;
  return isLast && logits!.size > 0 && isFloat(logits) ? softmaxRows(machine, logits!) : undefined;
}

/** Axes in another order. */
function transpose(
  machine: Machine,
  { inputs: { x }, attributes: { perm } }: KernelCall<{ readonly perm: readonly number[] }>,
): tf.TensorInfo | undefined {
  return x!.size > 0 && isFloat(x) ? transposeAxes(machine, x!, perm) : undefined;
}

/** Our kernels by the names of TensorFlow.js's. */
export const fasterKernels: readonly Kernel[] = [
  faster("Conv2D", convolution),
  faster("FusedConv2D", convolution),
  faster("BatchMatMul", product),
  faster("_FusedMatMul", product),
  faster("DepthwiseConv2dNative", depthwise),
  faster("FusedDepthwiseConv2D", depthwise),
  faster("Add", sum),
  faster("Softmax", softmax),
  faster("Transpose", transpose),
];
