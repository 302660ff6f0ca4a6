import type * as tf from "../../src/base/tfjs.ts";
import { conv2dFilterGradient } from "./conv2d_filter_gradient.ts";
import { conv2dInputGradient } from "./conv2d_input_gradient.ts";
import { type ConvolutionGeometry, convolutionGeometry } from "./convolution_geometry.ts";
import { depthwiseFilterGradient } from "./depthwise_filter_gradient.ts";
import { depthwiseInputGradient } from "./depthwise_input_gradient.ts";
import type { ConvolutionAttributes, ExtendedGradient } from "./kernel.ts";

/** How one kind of convolution is differentiated. */
interface ConvolutionGradient {
  readonly name: string;
  readonly depthwise: boolean;
  input(outputGradient: tf.Tensor4D, filter: tf.Tensor4D, geometry: ConvolutionGeometry): tf.Tensor4D;
  filter(input: tf.Tensor4D, outputGradient: tf.Tensor4D, geometry: ConvolutionGeometry): tf.Tensor4D;
}

const convolutions: readonly ConvolutionGradient[] = [
  { name: "Conv2D", depthwise: false, input: conv2dInputGradient, filter: conv2dFilterGradient },
  {
    name: "DepthwiseConv2dNative",
    depthwise: true,
    input: depthwiseInputGradient,
    filter: depthwiseFilterGradient,
  },
];

/**
 * The gradients of dilated convolutions, which TensorFlow.js refuses on every backend; those of convolutions that
 * are not dilated are left to it.
 */
export const convolutionGradients: readonly ExtendedGradient[] = convolutions.map((
  { name, ...convolution },
) => ({
  name,
  extend: (ordinary) => withDilation(ordinary!, convolution),
}));

function withDilation(
  ordinary: tf.GradConfig,
  { depthwise, input, filter }: Omit<ConvolutionGradient, "name">,
): tf.GradConfig {
  return {
    ...ordinary,
    gradFunc(dy, saved, attrs) {
      const attributes = attrs as unknown as ConvolutionAttributes;
      const dilations = [attributes.dilations ?? 1].flat();
      if (dilations.every((dilation) => dilation === 1)) return ordinary.gradFunc(dy, saved, attrs);
      const outputGradient = dy as tf.Tensor4D;
      const [x, weights] = saved as [tf.Tensor4D, tf.Tensor4D];
      const geometry = convolutionGeometry(x.shape, weights.shape, { ...attributes, depthwise });
      return {
        x: () => input(outputGradient, weights, geometry),
        filter: () => filter(x, outputGradient, geometry),
      };
    },
  };
}
