import * as tf from "../../src/base/tfjs.ts";
import { fuseAsVector, type FusedAttributes, type PlainProduct } from "./fused_bias.ts";
import type { ConvolutionAttributes, Kernel, KernelCall } from "./kernel.ts";
import { spellOut } from "./same_padding.ts";

/** The settings of a fused convolution. */
interface FusedConvolutionAttributes extends ConvolutionAttributes, FusedAttributes {}

/** Convolutions with a bias and an activation in one, where TensorFlow.js computes them wrongly or refuses them. */
export const fusedConvolutionKernels: readonly Kernel[] = [
  onWasm("FusedConv2D", false),
  onWasm("FusedDepthwiseConv2D", true),
  onWebGpu("FusedConv2D", false),
  onWebGpu("FusedDepthwiseConv2D", true),
];

/** There the padding must be spelt out, too. */
function onWasm(name: string, depthwise: boolean): Kernel<FusedConvolutionAttributes> {
  return {
    name,
    backends: ["wasm"],
    replaces: true,
    run: (call) =>
      fuseAsVector(call, plainConvolution(call, depthwise), {
        ...call.attributes,
        pad: spellOut(call, depthwise),
      }),
  };
}

function onWebGpu(name: string, depthwise: boolean): Kernel<FusedConvolutionAttributes> {
  return {
    name,
    backends: ["webgpu"],
    replaces: true,
    run: (call) => fuseAsVector(call, plainConvolution(call, depthwise)),
  };
}

/** The product alone. */
function plainConvolution(
  { inputs, attributes }: KernelCall<FusedConvolutionAttributes>,
  depthwise: boolean,
): PlainProduct {
  const x = inputs.x as tf.Tensor4D, filter = inputs.filter as tf.Tensor4D;
  const { strides, pad, dataFormat = "NHWC", dilations, dimRoundingMode } = attributes;
  const [, , depth, filters] = filter.shape;
  const convolve = (depthwise ? tf.depthwiseConv2d : tf.conv2d) as typeof tf.conv2d;
  return {
    channels: depthwise ? depth * filters : filters,
    compute: () => convolve(x, filter, strides, pad, dataFormat, dilations ?? 1, dimRoundingMode),
  };
}
