import * as tf from "../../src/base/tfjs.ts";
import type { ConvolutionGeometry } from "../kernels/convolution_geometry.ts";
import type { Machine } from "./machine.ts";
import type { WeightedSum } from "./product.ts";

/** Bytes of padded rows that are worked on at a time: they stay in the second cache. */
const stripBytes = 2 ** 18;

/** A convolution of each channel on its own, strip by strip. */
export function convolveDepthwise(
  { heap, exports }: Machine,
  { x, geometry }: { readonly x: tf.TensorInfo; readonly geometry: ConvolutionGeometry },
  { weights, bias, activation }: Omit<WeightedSum, "taps" | "channels">,
): tf.TensorInfo {
  const { batchSize, inHeight, inWidth, inChannels: channels, outHeight, outWidth, padInfo } = geometry;
  const { strideHeight, strideWidth, dilationHeight, dilationWidth, filterHeight, filterWidth } = geometry;
  const { top, left } = padInfo;
  const pixel = channels * 4;
  const right = Math.max((outWidth - 1) * strideWidth + geometry.effectiveFilterWidth - inWidth - left, 0);
  const row = (left + inWidth + right) * pixel;
  const rowsFor = (rows: number) => (rows - 1) * strideHeight + geometry.effectiveFilterHeight;
  const most = Math.floor((stripBytes / row - geometry.effectiveFilterHeight) / strideHeight) + 1;
  const strip = Math.min(outHeight, Math.max(most, 2));
  const result = heap.makeOutput(geometry.outShape);
  const from = heap.addressOf(x), to = heap.addressOf(result);
  const taps = heap.addressOf(weights), shift = bias ? heap.addressOf(bias) : 0;
  heap.withScratch(rowsFor(strip) * row + 16, (scratch) => {
    for (let image = 0; image < batchSize; image++) {
      const picture = from + image * inHeight * inWidth * pixel;
      for (let y = 0; y < outHeight; y += strip) {
        const rows = Math.min(strip, outHeight - y), first = y * strideHeight - top;
        exports.padRows(
          ...[first, first + rowsFor(rows), inHeight, inWidth * pixel] as const,
          ...[left * pixel, right * pixel, picture, scratch] as const,
        );
        exports.convolveDepthwise(
          ...[0, rows, outWidth, channels, scratch, strideHeight * row, strideWidth * pixel] as const,
          ...[filterHeight, dilationHeight * row, filterWidth, dilationWidth * pixel, taps] as const,
          ...[to + (image * outHeight + y) * outWidth * pixel, shift, ...activation] as const,
        );
      }
    }
  });
  return result;
}
