import type * as tf from "../../src/base/tfjs.ts";
import type { ConvolutionGeometry } from "../kernels/convolution_geometry.ts";
import type { Machine } from "./machine.ts";
import { packed, type WeightedSum } from "./product.ts";
import { forEachStrip } from "./strips.ts";

/** Bytes of rows that the weights are gone through once for: they stay in the second cache. */
const stripBytes = 2 ** 19;

/** A convolution of all channels: what a filter meets of a row lies in one piece, so that nothing is put in another order. */
export function convolve(
  machine: Machine,
  { x, geometry }: { readonly x: tf.TensorInfo; readonly geometry: ConvolutionGeometry },
  sum: WeightedSum,
): tf.TensorInfo {
  const { heap, exports } = machine;
  const { outHeight, outWidth, outChannels, filterHeight, filterWidth } = geometry;
  const { strideHeight, strideWidth, dilationHeight, dilationWidth } = geometry;
  const weights = packed(machine, sum);
  const result = heap.makeOutput(geometry.outShape);
  const to = heap.addressOf(result), shift = sum.bias ? heap.addressOf(sum.bias) : 0;
  forEachStrip(machine, { x, geometry, bytes: stripBytes }, ({ image, y, rows, from, row, pixel }) => {
    const runs = dilationWidth === 1 ? 1 : filterWidth;
    exports.convolve(
      ...[0, rows, 0, outWidth, from, strideHeight * row, strideWidth * pixel] as const,
      ...[
        filterHeight,
        dilationHeight * row,
        runs,
        filterWidth / runs * pixel,
        dilationWidth * pixel,
      ] as const,
      ...[weights, outChannels, to + (image * outHeight + y) * outWidth * outChannels * 4, outWidth] as const,
      ...[shift, 0, ...sum.activation] as const,
    );
  });
  return result;
}
