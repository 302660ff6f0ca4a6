/**
 * Our own kernels in the places of TensorFlow.js's, where they are faster.
 *
 * @module
 */
import * as tf from "../../src/base/tfjs.ts";
import { type ConvolutionGeometry, convolutionGeometry } from "../kernels/convolution_geometry.ts";
import type { ConvolutionAttributes, Kernel, KernelCall } from "../kernels/kernel.ts";
import { type FusedAttributes, inTurn } from "../kernels/fused_bias.ts";
import { activationNumbers } from "./activation.ts";
import { convolve } from "./convolution.ts";
import { convolveDepthwise } from "./depthwise.ts";
import type { ActivationNumbers } from "./kernels.ts";
import { type Machine, onMachine } from "./machine.ts";
import { multiply } from "./product.ts";
import { convolveWinograd, suitsWinograd } from "./winograd.ts";

/** What follows a product, as the kernels take it. */
interface Ending {
  readonly bias: tf.Tensor | undefined;
  readonly activation: ActivationNumbers;
}

/** The settings of a convolution, fused or not. */
interface FusedConvolutionAttributes extends ConvolutionAttributes, FusedAttributes {}

/** The settings of a product of matrices. */
interface ProductAttributes extends FusedAttributes {
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

function isFloat(...tensors: readonly (tf.Tensor | undefined)[]): boolean {
  return tensors.every((tensor) => !tensor || tensor.dtype === "float32");
}

/** What follows a product, where the kernels can compute it: a bias with a number for each channel, and few activations. */
function endingOf({ inputs, attributes }: KernelCall<FusedAttributes>, channels: number): Ending | undefined {
  const { bias } = inputs;
  if (bias && (bias.size !== channels || bias.shape.at(-1) !== channels)) return undefined;
  const activation = activationNumbers(attributes.activation, attributes.leakyreluAlpha);
  return activation && { bias, activation };
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
    run(call) {
      return onMachine((machine) => run(machine, call)) ?? call.original(call.attributes);
    },
  };
}

function convolution(
  machine: Machine,
  call: KernelCall<FusedConvolutionAttributes>,
): tf.TensorInfo | undefined {
  const { inputs, attributes } = call;
  const x = inputs.x as tf.Tensor4D, filter = inputs.filter as tf.Tensor4D;
  const { dataFormat = "NHWC" } = attributes;
  const [height, width, depth, channels] = filter.shape;
  if (x.shape[3] !== depth || dataFormat !== "NHWC" || !isFloat(x, filter)) return undefined;
  const ending = endingOf(call, channels);
  if (!ending) return undefined;
  const geometry = convolutionGeometry(x.shape, filter.shape, attributes);
  const sum = { taps: height * width * depth, channels, weights: filter, ...ending };
  if (suitsWinograd(geometry)) return convolveWinograd(machine, { x, geometry }, sum);
  if (!isPointwise(geometry)) return convolve(machine, { x, geometry }, sum);
  const rows = x.shape[0] * x.shape[1] * x.shape[2];
  return multiply(machine, { x, rows, shape: geometry.outShape }, sum);
}

/** Whether each pixel of the output comes from the same of the input alone. */
function isPointwise({ filterHeight, filterWidth, ...geometry }: ConvolutionGeometry): boolean {
  const { inHeight, inWidth, outHeight, outWidth, padInfo } = geometry;
  return filterHeight * filterWidth === 1 && inHeight === outHeight && inWidth === outWidth &&
    padInfo.top + padInfo.left === 0;
}

function depthwise(
  machine: Machine,
  call: KernelCall<FusedConvolutionAttributes>,
): tf.TensorInfo | undefined {
  const { inputs, attributes } = call;
  const x = inputs.x as tf.Tensor4D, filter = inputs.filter as tf.Tensor4D;
  const { dataFormat = "NHWC" } = attributes;
  const [, , channels, multiplier] = filter.shape;
  if (multiplier !== 1 || dataFormat !== "NHWC" || !isFloat(x, filter)) return undefined;
  const ending = endingOf(call, channels);
  if (!ending) return undefined;
  const geometry = convolutionGeometry(x.shape, filter.shape, { ...attributes, depthwise: true });
  return convolveDepthwise(machine, { x, geometry }, { weights: filter, ...ending });
}

function product(machine: Machine, call: KernelCall<ProductAttributes>): tf.TensorInfo | undefined {
  const { inputs: { a, b }, attributes: { transposeA, transposeB } } = call;
  const [taps, channels] = b!.shape.slice(-2) as [number, number];
  const isOneMatrix = b!.size === taps * channels && b!.rank <= a!.rank;
  if (transposeA || transposeB || !isOneMatrix || a!.size === 0 || !isFloat(a, b)) return undefined;
  const ending = endingOf(call, channels);
  if (!ending) return undefined;
  const shape = [...a!.shape.slice(0, -1), channels];
  return multiply(machine, { x: a!, rows: a!.size / taps, shape }, {
    taps,
    channels,
    weights: b!,
    ...ending,
  });
}

/** Our kernels by the names of TensorFlow.js's. */
export const fasterKernels: readonly Kernel[] = [
  faster("Conv2D", convolution),
  faster("FusedConv2D", convolution),
  faster("BatchMatMul", product),
  faster("_FusedMatMul", product),
  faster("DepthwiseConv2dNative", depthwise),
  faster("FusedDepthwiseConv2D", depthwise),
];
