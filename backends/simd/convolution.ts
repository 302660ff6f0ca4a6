import type * as tf from "../../src/base/tfjs.ts";
import type { Machine } from "./machine.ts";
import { packed, type WeightedSum } from "./product.ts";
import { forEachStrip } from "./strips.ts";
import { type KernelGeometry, makeWhole, type Target } from "./target.ts";

/** Bytes of rows that the weights are gone through once for: they stay in the second cache. */
const stripBytes = 2 ** 19;

/** What is convolved. */
export interface Convolved {
  readonly x: tf.TensorInfo;
  readonly geometry: KernelGeometry;
}

/** A convolution of all channels: what a filter meets of a row lies in one piece, so that nothing is put in another order. */
export function convolve(machine: Machine, convolved: Convolved, sum: WeightedSum): tf.TensorInfo {
  const { result, target } = makeWhole(machine, convolved.geometry);
  convolveInto(machine, target, convolved, sum);
  return result;
}

/** Likewise to where it is told. */
export function convolveInto(
  machine: Machine,
  target: Target,
  { x, geometry }: Convolved,
  sum: WeightedSum,
): void {
  const { heap, exports } = machine;
  const { outWidth, outChannels, filterHeight, filterWidth } = geometry;
  const { strideHeight, strideWidth, dilationHeight, dilationWidth } = geometry;
  const weights = packed(machine, sum);
  const shift = sum.bias ? heap.addressOf(sum.bias) : 0;
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
      ...[
        weights,
        outChannels,
        target.start + image * target.picture + y * target.row,
        target.row,
        target.pixel,
      ] as const,
      ...[shift, 0, ...sum.activation] as const,
    );
  });
}
