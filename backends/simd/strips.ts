import type * as tf from "../../src/base/tfjs.ts";
import type { Machine } from "./machine.ts";
import type { KernelGeometry } from "./target.ts";
import type { Task } from "./tasks.ts";

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
  /** What is to be done before: where there is padding, the strip is copied with zeros around it to a thread's own memory. */
  readonly pad: Task;
}

/** What is gone through. */
export interface Strips {
  readonly x: tf.TensorInfo;
  readonly geometry: KernelGeometry;
  /** Bytes that a strip's input takes, about. */
  readonly bytes: number;
  /** How many strips there should be, if the bytes allow for so few. */
  readonly most: number;
}

/** The strips of pictures and their padding. */
export function withStrips(
  { heap, threads }: Machine,
  { x, geometry, bytes, most }: Strips,
  use: (strips: readonly Strip[], ownBytes: number) => void,
): void {
  const { batchSize, inHeight, inWidth, outHeight, outWidth, strideHeight, strideWidth } = geometry;
  const { effectiveFilterHeight, effectiveFilterWidth, padInfo: { top, left } } = geometry;
  const pixel = geometry.inChannels * 4;
  const reachDown = (rows: number) => (rows - 1) * strideHeight + effectiveFilterHeight;
  const bottom = Math.max(reachDown(outHeight) - inHeight - top, 0);
  const right = Math.max((outWidth - 1) * strideWidth + effectiveFilterWidth - inWidth - left, 0);
  const row = (left + inWidth + right) * pixel;
  const fitting = Math.max(Math.floor((bytes / row - effectiveFilterHeight) / strideHeight) + 1, 2);
  const height = Math.min(outHeight, fitting, Math.ceil(batchSize * outHeight / most));
  const start = heap.addressOf(x);

  function stripsOf(
    inputOf: (picture: number, y: number, rows: number) => Pick<Strip, "from" | "pad">,
  ): Strip[] {
    const strips: Strip[] = [];
    for (let image = 0; image < batchSize; image++) {
      const picture = start + image * inHeight * inWidth * pixel;
      for (let y = 0; y < outHeight; y += height) {
        const rows = Math.min(height, outHeight - y);
        strips.push({ image, y, rows, row, pixel, ...inputOf(picture, y * strideHeight - top, rows) });
      }
    }
    return strips;
  }

  if (top + bottom + left + right === 0) {
    use(stripsOf((picture, y) => ({ from: picture + y * row, pad: [] })), 0);
    return;
  }
  const ownBytes = Math.ceil(reachDown(height) * row / 64) * 64;
  heap.withScratch(threads * ownBytes, (own) => {
    const strips = stripsOf((picture, y, rows) => {
      const size = [inHeight, inWidth * pixel, left * pixel, right * pixel] as const;
      const numbers = [y, y + reachDown(rows), ...size, picture, own] as const;
      return { from: own, pad: [{ kernel: "padRows", numbers: [...numbers], own: [7] }] };
    });
    use(strips, ownBytes);
  });
}
