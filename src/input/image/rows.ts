import { release } from "../../base/release.ts";
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
   * Its rows from the top, some at a time, as 8-bit RGBA; what is yielded is the caller's. To be read once.
   *
   * @param room A place for all of its pixels. Decoders that can put them there, so that none are copied; others yield
   * arrays of their own.
   */
  rows(room?: Uint8ClampedArray): Iterable<Uint8ClampedArray> | AsyncIterable<Uint8ClampedArray>;
}

/** How many pixels are read at a time, about. */
const pixelsAtOnce = 2 ** 18;

/** How many rows are read at a time. */
export function rowsAtOnce(width: number): number {
  return Math.max(Math.floor(pixelsAtOnce / width), 1);
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
 * @param release Called when all have been read, or no more are wanted.
 */
export function readStored(
  stored: StoredPixels,
  orientation: number,
  release: () => void = () => {},
): PictureRows {
  const { height, width } = uprightSize(stored, orientation);
  const step = rowsAtOnce(width);
  return {
    height,
    width,
    isOpaque: stored.channels < 4,
    *rows(room) {
      try {
        for (let first = 0; first < height; first += step) {
          const count = Math.min(step, height - first);
          const into = room && partOf(room, width, { first, count });
          yield uprightRows(stored, orientation, { first, count, into });
        }
      } finally {
        release();
      }
    },
  };
}

/** The rows of a picture that is there, copied. */
export function* rowsOf({ data, height, width }: RgbaImage): Generator<Uint8ClampedArray> {
  const step = rowsAtOnce(width);
  for (let first = 0; first < height; first += step) {
    yield data.slice(first * width * 4, (first + step) * width * 4);
  }
}

/** Put rows together. */
export async function collectRows(picture: PictureRows): Promise<RgbaImage> {
  const { height, width } = picture;
  const data = new Uint8ClampedArray(height * width * 4);
  let at = 0;
  for await (const rows of picture.rows(data)) {
    const { length } = rows;
    if (rows.buffer !== data.buffer) {
      data.set(rows, at);
      release(rows);
    }
    at += length;
  }
  return { data, height, width };
}
