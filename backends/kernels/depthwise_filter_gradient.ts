import * as tf from "@tensorflow/tfjs";
import { type ComposedKernel, geometry, padPicture, type Shape4D } from "./kernel.ts";

/**
 * The gradient of a depthwise convolution with respect to its filter: for each place of the filter, the pixels of
 * the input that it met, times the output's gradient, summed.
 */
export const depthwiseFilterGradient: ComposedKernel = {
  name: "DepthwiseConv2dNativeBackpropFilter",
  backends: ["wasm"],
  compute({ x, dy }, attributes) {
    const { filterShape } = attributes;
    const [kernelHeight, kernelWidth, channels, multiplier] = filterShape;
    const convolution = geometry(x!.shape as Shape4D, filterShape, attributes, true);
    const { batchSize, outHeight, outWidth, strideHeight, strideWidth } = convolution;
    const { dilationHeight, dilationWidth } = convolution;
    const picture = padPicture(x as tf.Tensor4D, convolution); // [n, H, W, c]
    const pixels = batchSize * outHeight * outWidth;
    const gradient = dy!.reshape([pixels, channels, multiplier]);
    const places: tf.Tensor[] = [];
    for (let row = 0; row < kernelHeight; row++) {
      for (let column = 0; column < kernelWidth; column++) {
        const [top, left] = [row * dilationHeight, column * dilationWidth];
        const end = [
          batchSize,
          top + (outHeight - 1) * strideHeight + 1,
          left + (outWidth - 1) * strideWidth + 1,
          channels,
        ];
        const met = picture.stridedSlice([0, top, left, 0], end, [1, strideHeight, strideWidth, 1]);
        places.push(met.reshape([pixels, channels, 1]).mul(gradient).sum(0)); // [c, m]
      }
    }
    return tf.stack(places).reshape(filterShape);
  },
};
