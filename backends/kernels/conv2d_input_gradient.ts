import * as tf from "../../src/base/tfjs.ts";
import { type Keep, keepNothing } from "../kept_weights.ts";
import { type ConvolutionGeometry, convolutionGeometry, type Shape4D } from "./convolution_geometry.ts";
import { pickTaps } from "./filter_taps.ts";
import type { ConvolutionAttributes, Kernel } from "./kernel.ts";
import type { Taps } from "./phases.ts";
import { type PhaseConvolution, transposedConvolution } from "./transposed_convolution.ts";
import { timesTransposed } from "./transposed_product.ts";

/**
 * The gradient of a 2-D convolution with respect to its input, also where it is dilated.
 *
 * @param outputGradient `[batch, output height, output width, output channels]`
 * @param filter `[height, width, input channels, output channels]`
 * @param geometry The convolution's geometry.
 * @param keep Keeps what is made of the filter.
 * @returns `[batch, height, width, input channels]`
 */
export function conv2dInputGradient(
  outputGradient: tf.Tensor4D,
  filter: tf.Tensor4D,
  geometry: ConvolutionGeometry,
  keep: Keep = keepNothing,
): tf.Tensor4D {
  const taps = (phase: Taps) =>
    keep(phase.taps.join(), () => pickTaps(filter, phase).transpose<tf.Tensor4D>([0, 1, 3, 2]));
  return transposedConvolution(outputGradient, geometry, {
    taps,
    convolve(gradient, phase) {
      if (isPointwise(phase) && keep === keepNothing) return pointwise(gradient, pickTaps(filter, phase));
      return tf.conv2d(gradient, taps(phase), 1, phase.pad, "NHWC", phase.dilations);
    },
  });
}

function isPointwise({ size: [height, width], pad }: PhaseConvolution): boolean {
  return height * width === 1 && pad.flat().every((zeros) => zeros === 0);
}

/** With one tap, the gradient is a product of matrices. */
function pointwise(outputGradient: tf.Tensor4D, filter: tf.Tensor4D): tf.Tensor4D {
  const [batch, height, width, outputs] = outputGradient.shape;
  const [, , inputs] = filter.shape;
  return timesTransposed(
    outputGradient.reshape([batch * height * width, outputs]),
    filter.reshape([inputs, outputs]),
  )
    .reshape([batch, height, width, inputs]);
}

/**
 * TensorFlow.js has this on WebAssembly, but as a loop without vectors or threads that takes about twelve times
 * as long as the convolution itself.
 */
export const conv2dInputGradientKernel: Kernel<ConvolutionAttributes & { inputShape: Shape4D }> = {
  name: "Conv2DBackpropInput",
  backends: ["wasm"],
  replaces: true,
  run({ inputs, attributes }) {
    const filter = inputs.filter as tf.Tensor4D;
    // The operation knows no dilations: its callers refuse them before.
    const geometry = convolutionGeometry(attributes.inputShape, filter.shape, {
      ...attributes,
      dilations: 1,
    });
    return conv2dInputGradient(inputs.dy as tf.Tensor4D, filter, geometry);
  },
};
