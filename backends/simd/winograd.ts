import type * as tf from "../../src/base/tfjs.ts";
import type { ConvolutionGeometry } from "../kernels/convolution_geometry.ts";
import { channelsOfLine, gridOf } from "./grid.ts";
import { type Machine, runJob } from "./machine.ts";
import type { WeightedSum } from "./product.ts";
import { mostTasks, partsOf, type Task } from "./tasks.ts";

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

/** Each part of the channels has the input transformed anew, which with fewer channels would take too long. */
const leastChannels = 64;

/** A weight takes so many times as long to transform as a multiplication. */
const slownessOfTransform = 64;

/** Weights as they are multiplied, made once: sixteen matrices, so many bytes from one to the next. */
function transform(
  machine: Machine,
  { weights, inChannels, outChannels }: {
    readonly weights: tf.TensorInfo;
    readonly inChannels: number;
    readonly outChannels: number;
  },
): { readonly matrix: number; readonly address: number } {
  const { heap, threads } = machine;
  const matrix = inChannels * Math.ceil(outChannels / 8) * 8 * 4;
  const address = heap.keepBeside(weights, `winograd ${inChannels} ${outChannels}`, {
    bytes: 16 * matrix,
    fill(to) {
      const from = heap.addressOf(weights), step = outChannels * 4;
      const most = mostTasks(threads, slownessOfTransform * inChannels * outChannels);
      const tasks = partsOf(outChannels, most, channelsOfLine).map(([first, end]): Task => [{
        kernel: "transformWeights",
        numbers: [inChannels, end - first, from + first * 4, step, to + first * inChannels * 4, matrix],
      }]);
      runJob(machine, { tasks });
    },
  });
  return { matrix, address };
}

/** A convolution with 3×3 taps in less than half of the products. */
export function convolveWinograd(
  machine: Machine,
  { x, geometry }: { readonly x: tf.TensorInfo; readonly geometry: ConvolutionGeometry },
  { weights, bias, activation }: WeightedSum,
): tf.TensorInfo {
  const { heap, threads } = machine;
  const { batchSize, inHeight, inWidth, inChannels, outHeight, outWidth, outChannels, padInfo } = geometry;
  const { matrix, address: transformed } = transform(machine, { weights, inChannels, outChannels });
  const result = heap.makeOutput(geometry.outShape);
  const from = heap.addressOf(x), to = heap.addressOf(result), shift = bias ? heap.addressOf(bias) : 0;
  const { top, left } = padInfo, pixel = inChannels * 4, outPixel = outChannels * 4;
  const width = 2 * Math.ceil(outWidth / 2) + 2, row = width * pixel;
  const right = width - left - inWidth;
  const places = batchSize * Math.ceil(outHeight / 2) * Math.ceil(outWidth / 2);
  const grid = gridOf({
    places,
    channels: outChannels,
    most: mostTasks(threads, 16 * places * inChannels * outChannels),
    leastChannels,
  });
  const fitting = Math.max(2, Math.floor(stripBytes / row / 2) - 1);
  const strip = 2 *
    Math.min(fitting, Math.ceil(Math.ceil(outHeight / 2) * batchSize / grid.down), Math.ceil(outHeight / 2));
  const widest = Math.max(...grid.channels.map(([first, end]) => end - first));
  const perTile = 16 * 4 * (inChannels + widest);
  const room = 16 * matrix > largeWeights ? tileBytesOfLarge : tileBytes;
  const tiles = Math.max(12, Math.min(96, 6 * Math.floor(room / perTile / 6)));
  const paddedBytes = (strip + 2) * row, ownBytes = Math.ceil((paddedBytes + tiles * perTile) / 64) * 64;
  heap.withScratch(threads * ownBytes, (padded) => {
    const tasks: Task[] = [];
    for (let image = 0; image < batchSize; image++) {
      const picture = from + image * inHeight * inWidth * pixel;
      for (let y = 0; y < outHeight; y += strip) {
        const rows = Math.min(strip, outHeight - y), met = 2 * Math.ceil(rows / 2) + 2;
        const size = [inHeight, inWidth * pixel, left * pixel, right * pixel] as const;
        const start = to + (image * outHeight + y) * outWidth * outPixel;
        for (const [first, end] of grid.channels) {
          const made = [transformed + first * inChannels * 4, matrix, end - first] as const;
          tasks.push([
            { kernel: "padRows", numbers: [y - top, y - top + met, ...size, picture, padded], own: [7] },
            {
              kernel: "convolveWinograd",
              own: [0, 9],
              numbers: [
                ...[padded, inChannels, ...made, start + first * 4, outPixel, rows, outWidth] as const,
                ...[padded + paddedBytes, tiles, shift && shift + first * 4, ...activation] as const,
              ],
            },
          ]);
        }
      }
    }
    runJob(machine, { tasks, ownBytes });
  });
  return result;
}
