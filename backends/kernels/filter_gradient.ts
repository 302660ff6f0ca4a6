import * as tf from "@tensorflow/tfjs";
import { type ComposedKernel, geometry, padPicture, type Shape4D } from "./kernel.ts";

/**
 * The gradient of a convolution with respect to its filter: a convolution of the input with the output's gradient
 * as the filter, channels and batch exchanged, dilated by the stride.
 */
export const filterGradient: ComposedKernel = {
  name: "Conv2DBackpropFilter",
  backends: ["wasm"],
  compute({ x, dy }, attributes) {
    const { filterShape } = attributes;
    const [kernelHeight, kernelWidth, channels, filters] = filterShape;
    const convolution = geometry(x!.shape as Shape4D, filterShape, attributes, false);
    const pictures = padPicture(x as tf.Tensor4D, convolution).transpose<tf.Tensor4D>([3, 1, 2, 0]); // [c, h, w, n]
    const kernel = dy!.transpose<tf.Tensor4D>([1, 2, 0, 3]); // [oh, ow, n, k]
    return tf.conv2d(pictures, kernel, 1, "valid", "NHWC", [
      convolution.strideHeight,
      convolution.strideWidth,
    ])
      .slice([0, 0, 0, 0], [channels, kernelHeight, kernelWidth, filters]) // rows and columns that no output reached
      .transpose([1, 2, 0, 3]); // [kh, kw, c, k]
  },
};
