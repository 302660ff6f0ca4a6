import type * as tf from "../../src/base/tfjs.ts";
import { gridOf } from "./grid.ts";
import { type Machine, runJob } from "./machine.ts";
import { packed, wayToAddend, type WeightedSum } from "./product.ts";
import { withStrips } from "./strips.ts";
import { type KernelGeometry, makeWhole, type Target } from "./target.ts";
import { mostTasks, type Task } from "./tasks.ts";

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
  const { batchSize, outHeight, outWidth, outChannels, filterHeight, filterWidth } = geometry;
  const { strideHeight, strideWidth, dilationHeight, dilationWidth } = geometry;
  const weights = packed(machine, sum);
  const shift = sum.bias ? machine.heap.addressOf(sum.bias) : 0;
  const added = wayToAddend(machine, sum, target.start);
  const runs = dilationWidth === 1 ? 1 : filterWidth;
  const rows = batchSize * outHeight;
  const most = mostTasks(machine.threads, rows * outWidth * sum.taps * outChannels);
  const grid = gridOf({ places: rows * outWidth, channels: outChannels, most });
  withStrips(machine, { x, geometry, bytes: stripBytes, most: grid.down }, (strips, ownBytes) => {
    const tasks = strips.flatMap(({ image, y, rows, from, row, pixel, pad }) =>
      grid.channels.map(([first, end]): Task => [
        ...pad,
        {
          kernel: "convolve",
          own: pad.length > 0 ? [4] : [],
          numbers: [
            ...[0, rows, 0, outWidth, from, strideHeight * row, strideWidth * pixel] as const,
            ...[filterHeight, dilationHeight * row, runs] as const,
            ...[filterWidth / runs * pixel, dilationWidth * pixel] as const,
            ...[weights + first * sum.taps * 4, end - first] as const,
            target.start + image * target.picture + y * target.row + first * 4,
            ...[target.row, target.pixel, shift && shift + first * 4, added, ...sum.activation] as const,
          ],
        },
      ])
    );
    runJob(machine, { tasks, ownBytes });
  });
}
