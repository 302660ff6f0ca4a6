import type * as tf from "../../src/base/tfjs.ts";
import type { Machine } from "./machine.ts";
import type { KernelGeometry } from "./target.ts";

/** Some rows of a convolution's output, and what they are computed from. */
export interface Strip {
  /** Which picture of the batch. */
  readonly image: number;
  /** The first row of the output, and how many. */
  readonly y: number;
  readonly rows: number;
  /** Where the input of the first of them begins, with its padding. */
  readonly from: number;
  /** Bytes from row to row of the input, and from pixel to pixel. */
  readonly row: number;
  readonly pixel: number;
}

/** What is gone through. */
export interface Strips {
  readonly x: tf.TensorInfo;
  readonly geometry: KernelGeometry;
  /** Bytes that a strip's input takes, about. */
  readonly bytes: number;
}

/** Pictures and their padding, strip by strip: where there is padding, each strip is copied with zeros around it. */
export function forEachStrip(
  { heap, exports }: Machine,
  { x, geometry, bytes }: Strips,
  use: (strip: Strip) => void,
): void {
  const { batchSize, inHeight, inWidth, outHeight, outWidth, strideHeight, strideWidth } = geometry;
  const { effectiveFilterHeight, effectiveFilterWidth, padInfo: { top, left } } = geometry;
  const pixel = geometry.inChannels * 4;
  const reachDown = (rows: number) => (rows - 1) * strideHeight + effectiveFilterHeight;
  const bottom = Math.max(reachDown(outHeight) - inHeight - top, 0);
  const right = Math.max((outWidth - 1) * strideWidth + effectiveFilterWidth - inWidth - left, 0);
  const row = (left + inWidth + right) * pixel;
  const fitting = Math.floor((bytes / row - effectiveFilterHeight) / strideHeight) + 1;
  const most = Math.min(outHeight, Math.max(fitting, 2));
  const from = heap.addressOf(x);

  function goThrough(inputOf: (picture: number, y: number, rows: number) => number): void {
    for (let image = 0; image < batchSize; image++) {
      const picture = from + image * inHeight * inWidth * pixel;
      for (let y = 0; y < outHeight; y += most) {
        const rows = Math.min(most, outHeight - y);
        use({ image, y, rows, from: inputOf(picture, y * strideHeight - top, rows), row, pixel });
      }
    }
  }

  if (top + bottom + left + right === 0) return goThrough((picture, y) => picture + y * row);
  heap.withScratch(reachDown(most) * row, (scratch) =>
    goThrough((picture, y, rows) => {
      const size = [inHeight, inWidth * pixel, left * pixel, right * pixel] as const;
      exports.padRows(y, y + reachDown(rows), ...size, picture, scratch);
      return scratch;
    }));
}
