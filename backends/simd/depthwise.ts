import type * as tf from "../../src/base/tfjs.ts";
import type { ConvolutionGeometry } from "../kernels/convolution_geometry.ts";
import type { Machine } from "./machine.ts";
import type { WeightedSum } from "./product.ts";

/** A convolution of each channel on its own. */
export function convolveDepthwise(
  { heap, exports }: Machine,
  { x, geometry }: { readonly x: tf.TensorInfo; readonly geometry: ConvolutionGeometry },
  { weights, bias, activation }: Omit<WeightedSum, "taps" | "channels">,
): tf.TensorInfo {
  const { batchSize, inHeight, inWidth, inChannels, outHeight, outWidth, padInfo: { top, left } } = geometry;
  const { strideHeight, strideWidth, dilationHeight, dilationWidth, filterHeight, filterWidth } = geometry;
  const result = heap.makeOutput(geometry.outShape);
  const from = heap.addressOf(x), to = heap.addressOf(result);
  const taps = heap.addressOf(weights), shift = bias ? heap.addressOf(bias) : 0;
  for (let image = 0; image < batchSize; image++) {
    exports.convolveDepthwise(
      ...[from + image * inHeight * inWidth * inChannels * 4, inHeight, inWidth, inChannels] as const,
      ...[top, left, strideHeight, strideWidth] as const,
      ...[filterHeight, dilationHeight, filterWidth, dilationWidth, taps] as const,
      ...[to + image * outHeight * outWidth * inChannels * 4, outHeight, outWidth] as const,
      ...[shift, ...activation] as const,
    );
  }
  return result;
}
