import type * as tf from "../../src/base/tfjs.ts";
import type { Convolved } from "./convolution.ts";
import { type Machine, runJob } from "./machine.ts";
import type { WeightedSum } from "./product.ts";
import { makeWhole, type Target } from "./target.ts";
import { mostTasks, partsOf, type Task } from "./tasks.ts";

/** What each channel is multiplied with. */
type DepthwiseSum = Omit<WeightedSum, "taps" | "channels">;

/** A multiplication takes so many times as long as one of a product: little is done with each number. */
const slowness = 4;

/** A convolution of each channel on its own. */
export function convolveDepthwise(machine: Machine, convolved: Convolved, sum: DepthwiseSum): tf.TensorInfo {
  const { result, target } = makeWhole(machine, convolved.geometry);
  convolveDepthwiseInto(machine, target, convolved, sum);
  return result;
}

/** Likewise to where it is told. */
export function convolveDepthwiseInto(
  machine: Machine,
  target: Target,
  { x, geometry }: Convolved,
  { weights, bias, activation }: DepthwiseSum,
): void {
  const { heap, threads } = machine;
  const { batchSize, inHeight, inWidth, inChannels, outHeight, outWidth, padInfo: { top, left } } = geometry;
  const { strideHeight, strideWidth, dilationHeight, dilationWidth, filterHeight, filterWidth } = geometry;
  const from = heap.addressOf(x), taps = heap.addressOf(weights), shift = bias ? heap.addressOf(bias) : 0;
  const size = outHeight * outWidth * inChannels * filterHeight * filterWidth;
  const rows = partsOf(outHeight, mostTasks(threads, slowness * size));
  const images = Array.from({ length: batchSize }, (_, image) => image);
  const tasks = images.flatMap((image) =>
    rows.map(([first, end]): Task => [{
      kernel: "convolveDepthwise",
      numbers: [
        ...[from + image * inHeight * inWidth * inChannels * 4, inHeight, inWidth, inChannels] as const,
        ...[top - first * strideHeight, left, strideHeight, strideWidth] as const,
        ...[filterHeight, dilationHeight, filterWidth, dilationWidth, taps] as const,
        target.start + image * target.picture + first * target.row,
        ...[target.row, target.pixel, end - first, outWidth, shift, ...activation] as const,
      ],
    }])
  );
  runJob(machine, { tasks });
}
