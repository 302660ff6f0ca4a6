import type * as tf from "../../src/base/tfjs.ts";
import type { Convolved } from "./convolution.ts";
import type { Machine } from "./machine.ts";
import type { WeightedSum } from "./product.ts";
import { makeWhole, type Target } from "./target.ts";

/** What each channel is multiplied with. */
type DepthwiseSum = Omit<WeightedSum, "taps" | "channels">;

/** A convolution of each channel on its own. */
export function convolveDepthwise(machine: Machine, convolved: Convolved, sum: DepthwiseSum): tf.TensorInfo {
  const { result, target } = makeWhole(machine, convolved.geometry);
  convolveDepthwiseInto(machine, target, convolved, sum);
  return result;
}

/** Likewise to where it is told. */
export function convolveDepthwiseInto(
  { heap, exports }: Machine,
  target: Target,
  { x, geometry }: Convolved,
  { weights, bias, activation }: DepthwiseSum,
): void {
  const { batchSize, inHeight, inWidth, inChannels, outHeight, outWidth, padInfo: { top, left } } = geometry;
  const { strideHeight, strideWidth, dilationHeight, dilationWidth, filterHeight, filterWidth } = geometry;
  const from = heap.addressOf(x), taps = heap.addressOf(weights), shift = bias ? heap.addressOf(bias) : 0;
  for (let image = 0; image < batchSize; image++) {
    exports.convolveDepthwise(
      ...[from + image * inHeight * inWidth * inChannels * 4, inHeight, inWidth, inChannels] as const,
      ...[top, left, strideHeight, strideWidth] as const,
      ...[filterHeight, dilationHeight, filterWidth, dilationWidth, taps] as const,
      ...[target.start + image * target.picture, target.row, target.pixel, outHeight, outWidth] as const,
      ...[shift, ...activation] as const,
    );
  }
}
