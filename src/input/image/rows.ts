import { release as giveBack } from "../../base/release.ts";
import { type StoredPixels, uprightRows, uprightSize } from "./orientation.ts";
import type { RgbaImage } from "./types.ts";

/** A picture that is read a few rows at a time, so that all of its pixels need not lie in memory. */
export interface PictureRows {
  /** Pixels from top to bottom, upright. */
  readonly height: number;
  /** Pixels from left to right, upright. */
  readonly width: number;
  /** Whether the file has more than the 8 bits a channel that are read. */
  readonly isReduced?: boolean;
  /** Whether it is known that nothing of it is transparent. */
  readonly isOpaque?: boolean;
  /** What the user should know. */
  readonly warnings?: readonly string[];
  /**
   * Its rows from the top, some at a time, as 8-bit RGBA. To be read once. What is yielded is the caller's to change until
   * the next are asked for, which may lie in the same place: a photo's rows together are more than the collector would
   * notice in time.
   *
   * @param room A place for all of its pixels. Decoders that can put them there, so that none are copied.
   */
  rows(room?: Uint8ClampedArray): Iterable<Uint8ClampedArray> | AsyncIterable<Uint8ClampedArray>;
}

/** How many pixels are read at a time, about. */
const pixelsAtOnce = 2 ** 18;

/** How many rows of a picture are read at a time. */
export function rowsAtOnce({ height, width }: { readonly height: number; readonly width: number }): number {
  return Math.min(Math.max(Math.floor(pixelsAtOnce / width), 1), height);
}

/** The place of some rows in that of a whole picture. */
export function partOf(
  room: Uint8ClampedArray,
  width: number,
  { first, count }: { readonly first: number; readonly count: number },
): Uint8ClampedArray {
  return room.subarray(first * width * 4, (first + count) * width * 4);
}

/**
 * Stored pixels as upright rows.
 *
 * @param stored The pixels.
 * @param orientation How the camera was held, 1 to 8 as EXIF counts.
 * @param release Called when all have been read, or no more are wanted. Unless it is given, the pixels are freed then.
 */
export function readStored(
  stored: StoredPixels,
  orientation: number,
  release: () => void = () => giveBack(stored.data),
): PictureRows {
  const { height, width } = uprightSize(stored, orientation);
  const step = rowsAtOnce({ height, width });
  return {
    height,
    width,
    isOpaque: stored.channels < 4,
    *rows(room) {
      const strip = room ?? new Uint8ClampedArray(step * width * 4);
      try {
        for (let first = 0; first < height; first += step) {
          const count = Math.min(step, height - first);
          const into = partOf(strip, width, { first: room ? first : 0, count });
          yield uprightRows(stored, orientation, { first, count, into });
        }
      } finally {
        if (!room) giveBack(strip);
        release();
      }
    },
  };
}

/** The rows of a picture that is there, copied. */
export function* rowsOf({ data, height, width }: RgbaImage): Generator<Uint8ClampedArray> {
  const step = rowsAtOnce({ height, width });
  const strip = new Uint8ClampedArray(step * width * 4);
  for (let at = 0; at < data.length; at += strip.length) {
    const rows = data.subarray(at, at + strip.length);
    strip.set(rows);
    yield strip.subarray(0, rows.length);
  }
  giveBack(strip);
}

/** Put rows together. */
export async function collectRows(picture: PictureRows): Promise<RgbaImage> {
  const { height, width } = picture;
  const data = new Uint8ClampedArray(height * width * 4);
  let at = 0;
  for await (const rows of picture.rows(data)) {
    if (rows.buffer !== data.buffer) data.set(rows, at);
    at += rows.length;
  }
  return { data, height, width };
}
