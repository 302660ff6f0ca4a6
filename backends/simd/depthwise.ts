import type * as tf from "../../src/base/tfjs.ts";
import type { ConvolutionGeometry } from "../kernels/convolution_geometry.ts";
import type { Machine } from "./machine.ts";
import type { WeightedSum } from "./product.ts";
import { forEachStrip } from "./strips.ts";

/** Bytes of rows that are worked on at a time: they stay in the second cache. */
const stripBytes = 2 ** 18;

/** A convolution of each channel on its own. */
export function convolveDepthwise(
  machine: Machine,
  { x, geometry }: { readonly x: tf.TensorInfo; readonly geometry: ConvolutionGeometry },
  { weights, bias, activation }: Omit<WeightedSum, "taps" | "channels">,
): tf.TensorInfo {
  const { heap, exports } = machine;
  const { inChannels, outHeight, outWidth, filterHeight, filterWidth } = geometry;
  const { strideHeight, strideWidth, dilationHeight, dilationWidth } = geometry;
  const result = heap.makeOutput(geometry.outShape);
  const taps = heap.addressOf(weights), to = heap.addressOf(result), shift = bias ? heap.addressOf(bias) : 0;
  forEachStrip(
    machine,
    { x, geometry, bytes: stripBytes },
    ({ image, y, rows, from, row, pixel }) =>
      exports.convolveDepthwise(
        ...[0, rows, outWidth, inChannels, from, strideHeight * row, strideWidth * pixel] as const,
        ...[filterHeight, dilationHeight * row, filterWidth, dilationWidth * pixel, taps] as const,
        ...[to + (image * outHeight + y) * outWidth * pixel, shift, ...activation] as const,
      ),
  );
  return result;
}
