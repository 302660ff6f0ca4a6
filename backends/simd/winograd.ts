import type * as tf from "../../src/base/tfjs.ts";
import type { ConvolutionGeometry } from "../kernels/convolution_geometry.ts";
import { channelsOfLine, gridOf } from "./grid.ts";
import { type Machine, runJob } from "./machine.ts";
import { rowsOfTile, wayToAddend, type WeightedSum } from "./product.ts";
import { type KernelCall, mostTasks, type Part, partsOf, type Task } from "./tasks.ts";

/** Bytes of padded rows that are worked on at a time, and of what is computed of them on the way: they stay in the second cache. */
const stripBytes = 2 ** 20;
const tileBytes = 2 ** 20;

/** A way to compute it: tiles of so many pixels down and across, of which so many numbers are multiplied. */
interface Form {
  readonly pixels: 2 | 4;
  readonly numbers: 16 | 36;
  readonly convolve: "convolveWinograd" | "convolveWinograd4";
  /** Bytes of weights that stay in no second cache: they are gone through as seldom as can be, for more rows and tiles. */
  readonly largeWeights: number;
  readonly bytesOfLarge: number;
  /** So many tiles are computed at once, at most. */
  readonly mostTiles: number;
}

/** F(2×2, 3×3) */
const small: Form = {
  pixels: 2,
  numbers: 16,
  convolve: "convolveWinograd",
  largeWeights: 2 ** 23,
  bytesOfLarge: 2 ** 22,
  mostTiles: 95,
};

/** F(4×4, 3×3): fewer products still, of more weights. */
const large: Form = {
  pixels: 4,
  numbers: 36,
  convolve: "convolveWinograd4",
  largeWeights: 2 ** 22,
  bytesOfLarge: 2 ** 23,
  mostTiles: 190,
};

/** With fewer large tiles, the weights are gone through for too little. */
const fewestLargeTiles = 40;

/** Bytes that a kernel keeps between matrices, and of its own. */
const kernelBytes = 72 * 64 + 576;

function tilesOf({ batchSize, outHeight, outWidth }: ConvolutionGeometry, { pixels }: Form): number {
  return batchSize * Math.ceil(outHeight / pixels) * Math.ceil(outWidth / pixels);
}

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

/** Bytes that a thread has for it. */
const ownBytesOfTransform = 320;

/** Weights as they are multiplied, made once: as many matrices as a tile has numbers, so many bytes from one to the next. */
function transform(
  machine: Machine,
  { numbers, pixels }: Form,
  { weights, inChannels, outChannels }: {
    readonly weights: tf.TensorInfo;
    readonly inChannels: number;
    readonly outChannels: number;
  },
): { readonly matrix: number; readonly address: number } {
  const { heap, threads } = machine;
  const matrix = inChannels * Math.ceil(outChannels / 8) * 8 * 4;
  const address = heap.keepBeside(weights, `winograd ${pixels} ${inChannels} ${outChannels}`, {
    bytes: numbers * matrix,
    fill(to) {
      const from = heap.addressOf(weights), step = outChannels * 4;
      const most = mostTasks(threads, slownessOfTransform * inChannels * outChannels);
      const parts = partsOf(outChannels, most, channelsOfLine);
      const callsOf = ([first, end]: Part, own: number): KernelCall => {
        const common = [
          inChannels,
          end - first,
          from + first * 4,
          step,
          to + first * inChannels * 4,
          matrix,
        ] as const;
        if (pixels === 2) return { kernel: "transformWeights", numbers: [...common] };
        return { kernel: "transformWeights4", numbers: [...common, own], own: [6] };
      };
      heap.withScratch(threads * ownBytesOfTransform, (own) => {
        runJob(machine, {
          tasks: parts.map((part): Task => [callsOf(part, own)]),
          ownBytes: ownBytesOfTransform,
        });
      });
    },
  });
  return { matrix, address };
}

/** A convolution with 3×3 taps in less than half of the products, or a quarter. */
export function convolveWinograd(
  machine: Machine,
  { x, geometry }: { readonly x: tf.TensorInfo; readonly geometry: ConvolutionGeometry },
  sum: WeightedSum,
): tf.TensorInfo {
  const { heap, threads } = machine, { weights, bias, activation } = sum;
  const { batchSize, inHeight, inWidth, inChannels, outHeight, outWidth, outChannels, padInfo } = geometry;
  const form = tilesOf(geometry, large) < fewestLargeTiles ? small : large, { pixels, numbers } = form;
  const { matrix, address: transformed } = transform(machine, form, { weights, inChannels, outChannels });
  const result = heap.makeOutput(geometry.outShape);
  const from = heap.addressOf(x), to = heap.addressOf(result), shift = bias ? heap.addressOf(bias) : 0;
  const added = wayToAddend(machine, sum, to);
  const { top, left } = padInfo, pixel = inChannels * 4, outPixel = outChannels * 4;
  const width = pixels * Math.ceil(outWidth / pixels) + 2, row = width * pixel;
  const right = width - left - inWidth;
  const places = tilesOf(geometry, form), linesOfTiles = Math.ceil(outHeight / pixels);
  const grid = gridOf({
    places,
    channels: outChannels,
    most: mostTasks(threads, numbers * places * inChannels * outChannels),
    leastChannels,
  });
  const widest = Math.max(...grid.channels.map(([first, end]) => end - first));
  const isLarge = numbers * inChannels * widest * 4 > form.largeWeights;
  const fitting = Math.max(1, Math.floor(((isLarge ? form.bytesOfLarge : stripBytes) / row - 2) / pixels));
  const strip = pixels * Math.min(fitting, Math.ceil(linesOfTiles * batchSize / grid.down), linesOfTiles);
  const perTile = numbers * 4 * (inChannels + widest);
  const room = (isLarge ? form.bytesOfLarge : tileBytes) / perTile;
  const tiles = Math.max(
    2 * rowsOfTile,
    Math.min(form.mostTiles, rowsOfTile * Math.floor(room / rowsOfTile)),
  );
  const paddedBytes = (strip + 2) * row;
  const ownBytes = Math.ceil((paddedBytes + tiles * perTile + kernelBytes) / 64) * 64;
  heap.withScratch(threads * ownBytes, (padded) => {
    const tasks: Task[] = [];
    for (let image = 0; image < batchSize; image++) {
      const picture = from + image * inHeight * inWidth * pixel;
      for (let y = 0; y < outHeight; y += strip) {
        const rows = Math.min(strip, outHeight - y), met = pixels * Math.ceil(rows / pixels) + 2;
        const size = [inHeight, inWidth * pixel, left * pixel, right * pixel] as const;
        const start = to + (image * outHeight + y) * outWidth * outPixel;
        for (const [first, end] of grid.channels) {
          const made = [transformed + first * inChannels * 4, matrix, end - first] as const;
          tasks.push([
            { kernel: "padRows", numbers: [y - top, y - top + met, ...size, picture, padded], own: [7] },
            {
              kernel: form.convolve,
              own: [0, 9],
              numbers: [
                ...[padded, inChannels, ...made, start + first * 4, outPixel, rows, outWidth] as const,
                ...[padded + paddedBytes, tiles, shift && shift + first * 4, added, ...activation] as const,
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
