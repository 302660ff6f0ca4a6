import * as tf from "../../src/base/tfjs.ts";
import { type ConvolutionGeometry, convolutionGeometry, type Shape4D } from "./convolution_geometry.ts";
import { mapWindows } from "./input_windows.ts";
import type { ConvolutionAttributes, Kernel } from "./kernel.ts";

/**
 * The gradient of a 2-D convolution with respect to its filter, also where it is dilated: for each tap, the
 * product of what it meets of the input, transposed, with the output's gradient.
 *
 * @param input `[batch, height, width, input channels]`
 * @param outputGradient `[batch, output height, output width, output channels]`
 * @param geometry The convolution's geometry.
 * @returns `[height, width, input channels, output channels]`
 */
export function conv2dFilterGradient(
  input: tf.Tensor4D,
  outputGradient: tf.Tensor4D,
  geometry: ConvolutionGeometry,
): tf.Tensor4D {
  const { inChannels, outChannels, filterHeight, filterWidth } = geometry;
  const gradient = outputGradient.reshape([-1, outChannels]); // [n, out]
  const taps = mapWindows(input, geometry, (window) =>
    // Transposed beforehand, since the product with a transposed matrix is slow on WebAssembly.
    tf.matMul(window.reshape([-1, inChannels]).transpose(), gradient)); // [in, out]
  return tf.stack(taps).reshape([filterHeight, filterWidth, inChannels, outChannels]);
}

/** Missing from TensorFlow.js on WebAssembly. */
export const conv2dFilterGradientKernel: Kernel<ConvolutionAttributes & { filterShape: Shape4D }> = {
  name: "Conv2DBackpropFilter",
  backends: ["wasm"],
  run({ inputs, attributes }) {
    const input = inputs.x as tf.Tensor4D;
    const geometry = convolutionGeometry(input.shape, attributes.filterShape, {
      ...attributes,
      dilations: 1,
    });
    return conv2dFilterGradient(input, inputs.dy as tf.Tensor4D, geometry);
  },
};
