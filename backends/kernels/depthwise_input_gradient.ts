import * as tf from "../../src/base/tfjs.ts";
import { type Keep, keepNothing } from "../kept_weights.ts";
import { type ConvolutionGeometry, convolutionGeometry, type Shape4D } from "./convolution_geometry.ts";
import { pickTaps } from "./filter_taps.ts";
import type { ConvolutionAttributes, Kernel } from "./kernel.ts";
import type { Taps } from "./phases.ts";
import { transposedConvolution } from "./transposed_convolution.ts";

/**
 * The gradient of a depthwise convolution with respect to its input, also where it is dilated.
 *
 * @param outputGradient `[batch, output height, output width, channels * multiplier]`
 * @param filter `[height, width, channels, multiplier]`
 * @param geometry The convolution's geometry.
 * @param keep Keeps what is made of the filter.
 * @returns `[batch, height, width, channels]`
 */
export function depthwiseInputGradient(
  outputGradient: tf.Tensor4D,
  filter: tf.Tensor4D,
  geometry: ConvolutionGeometry,
  keep: Keep = keepNothing,
): tf.Tensor4D {
  const [height, width, channels, multiplier] = filter.shape;
  const single = filter.reshape<tf.Tensor4D>([height, width, channels * multiplier, 1]);
  const taps = (phase: Taps) => keep(`${phase.size}: ${phase.taps}`, () => pickTaps(single, phase));
  return transposedConvolution(outputGradient, geometry, {
    depthwise: true,
    taps,
    convolve(gradient, phase) {
      const each = tf.depthwiseConv2d(gradient, taps(phase), 1, phase.pad, "NHWC", phase.dilations);
      return multiplier === 1 ? each : sumMultiplied(each, multiplier);
    },
  });
}

/** `[batch, h, w, channels * multiplier]` → `[batch, h, w, channels]` */
function sumMultiplied(tensor: tf.Tensor4D, multiplier: number): tf.Tensor4D {
  const [batch, height, width, each] = tensor.shape;
  const channels = each / multiplier;
  return tensor.reshape([batch, height, width * channels, multiplier])
    .sum(3) // [batch, h, w * channels]
    .reshape([batch, height, width, channels]);
}

/** Missing from TensorFlow.js on WebAssembly. */
export const depthwiseInputGradientKernel: Kernel<ConvolutionAttributes & { inputShape: Shape4D }> = {
  name: "DepthwiseConv2dNativeBackpropInput",
  backends: ["wasm"],
  run({ inputs, attributes }) {
    const filter = inputs.filter as tf.Tensor4D;
    const geometry = convolutionGeometry(attributes.inputShape, filter.shape, {
      ...attributes,
      depthwise: true,
    });
    return depthwiseInputGradient(inputs.dy as tf.Tensor4D, filter, geometry);
  },
};
