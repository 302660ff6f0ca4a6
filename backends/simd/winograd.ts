import type * as tf from "../../src/base/tfjs.ts";
import type { ConvolutionGeometry } from "../kernels/convolution_geometry.ts";
import type { Machine } from "./machine.ts";
import type { WeightedSum } from "./product.ts";

/** Bytes of padded rows that are worked on at a time. */
const stripBytes = 2 ** 20;

/** Bytes of what is computed of them on the way: as much as stays in the second cache. */
const tileBytes = 2 ** 20;

/** Weights that stay in no second cache are gone through as seldom as can be, for more of them. */
const largeWeights = 2 ** 23;
const tileBytesOfLarge = 2 ** 22;

/** With fewer channels, what is saved of the products is lost on the way to them and back. */
const fewestChannels = 32;

/** Whether a convolution can be computed so, and gains from it. */
export function suitsWinograd(geometry: ConvolutionGeometry): boolean {
  const { filterHeight, filterWidth, strideHeight, strideWidth, dilationHeight, dilationWidth } = geometry;
  const { inChannels, outChannels } = geometry;
  return filterHeight === 3 && filterWidth === 3 &&
    [strideHeight, strideWidth, dilationHeight, dilationWidth].every((step) => step === 1) &&
    [inChannels, outChannels].every((count) => count % 4 === 0 && count >= fewestChannels);
}

/** A convolution with 3×3 taps in less than half of the products. */
export function convolveWinograd(
  { heap, exports }: Machine,
  { x, geometry }: { readonly x: tf.TensorInfo; readonly geometry: ConvolutionGeometry },
  { weights, bias, activation }: WeightedSum,
): tf.TensorInfo {
  const { batchSize, inHeight, inWidth, inChannels, outHeight, outWidth, outChannels, padInfo } = geometry;
  const bytes = 16 * inChannels * Math.ceil(outChannels / 8) * 8 * 4;
  const transformed = heap.keepBeside(weights, `winograd ${inChannels} ${outChannels}`, {
    bytes,
    fill: (address) => exports.transformWeights(inChannels, outChannels, heap.addressOf(weights), address),
  });
  const result = heap.makeOutput(geometry.outShape);
  const from = heap.addressOf(x), to = heap.addressOf(result), shift = bias ? heap.addressOf(bias) : 0;
  const { top, left } = padInfo, pixel = inChannels * 4;
  const width = 2 * Math.ceil(outWidth / 2) + 2, row = width * pixel;
  const right = width - left - inWidth;
  const strip = 2 * Math.min(Math.ceil(outHeight / 2), Math.max(2, Math.floor(stripBytes / row / 2) - 1));
  const perTile = 16 * 4 * (inChannels + outChannels);
  const room = bytes > largeWeights ? tileBytesOfLarge : tileBytes;
  const tiles = Math.max(12, Math.min(96, 6 * Math.floor(room / perTile / 6)));
  heap.withScratch((strip + 2) * row + tiles * perTile, (padded) => {
    const scratch = padded + (strip + 2) * row;
    for (let image = 0; image < batchSize; image++) {
      const picture = from + image * inHeight * inWidth * pixel;
      for (let y = 0; y < outHeight; y += strip) {
        const rows = Math.min(strip, outHeight - y), met = 2 * Math.ceil(rows / 2) + 2;
        const size = [inHeight, inWidth * pixel, left * pixel, right * pixel] as const;
        exports.padRows(y - top, y - top + met, ...size, picture, padded);
        const target = to + (image * outHeight + y) * outWidth * outChannels * 4;
        exports.convolveWinograd(
          ...[padded, inChannels, transformed, outChannels, target, rows, outWidth] as const,
          ...[tiles, scratch, shift, ...activation] as const,
        );
      }
    }
  });
  return result;
}
