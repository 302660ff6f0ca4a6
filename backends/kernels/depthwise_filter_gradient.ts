import * as tf from "../../src/base/tfjs.ts";
import { type ConvolutionGeometry, convolutionGeometry, type Shape4D } from "./convolution_geometry.ts";
import { mapWindows } from "./input_windows.ts";
import type { ConvolutionAttributes, Kernel } from "./kernel.ts";

/**
 * The gradient of a depthwise convolution with respect to its filter, also where it is dilated: for each tap,
 * what it meets of the input times the output's gradient, summed over batch and positions.
 *
 * @param input `[batch, height, width, channels]`
 * @param outputGradient `[batch, output height, output width, channels * multiplier]`
 * @param geometry The convolution's geometry.
 * @returns `[height, width, channels, multiplier]`
 */
export function depthwiseFilterGradient(
  input: tf.Tensor4D,
  outputGradient: tf.Tensor4D,
  geometry: ConvolutionGeometry,
): tf.Tensor4D {
  const { inChannels, outChannels, filterHeight, filterWidth } = geometry;
  const multiplier = outChannels / inChannels;
  const gradient = outputGradient.reshape([-1, inChannels, multiplier]); // [n, channels, multiplier]
  const taps = mapWindows(input, geometry, (window) => {
    const spread = window.reshape([-1, inChannels, 1]); // [n, channels, 1]
    return spread.mul(gradient).sum(0); // [channels, multiplier]
  });
  return tf.stack(taps).reshape([filterHeight, filterWidth, inChannels, multiplier]);
}

/** Missing from TensorFlow.js on WebAssembly. */
export const depthwiseFilterGradientKernel: Kernel<ConvolutionAttributes & { filterShape: Shape4D }> = {
  name: "DepthwiseConv2dNativeBackpropFilter",
  backends: ["wasm"],
  run({ inputs, attributes }) {
    const input = inputs.x as tf.Tensor4D;
    const geometry = convolutionGeometry(input.shape, attributes.filterShape, {
      ...attributes,
      depthwise: true,
    });
    return depthwiseFilterGradient(input, inputs.dy as tf.Tensor4D, geometry);
  },
};
