import { hasText, viewOf } from "./bytes.ts";
import { spreadColors } from "./spread_colors.ts";

/** EXIF's tag for how a camera was held. */
const orientationTag = 0x0112;

/**
 * How a camera was held, from an EXIF block.
 *
 * @param exif The block, from its TIFF header on or with `Exif\0\0` before it.
 * @returns 1 (upright) to 8, as EXIF counts; 1 where the block does not say or is damaged.
 */
export function readOrientation(exif: Uint8Array): number {
  const block = hasText(exif, "Exif\0\0") ? exif.subarray(6) : exif;
  const view = viewOf(block);
  try {
    const littleEndian = hasText(block, "II");
    const directory = view.getUint32(4, littleEndian);
    const entries = view.getUint16(directory, littleEndian);
    for (let entry = 0; entry < entries; entry++) {
      const at = directory + 2 + entry * 12;
      if (view.getUint16(at, littleEndian) !== orientationTag) continue;
      const value = view.getUint16(at + 8, littleEndian);
      return value >= 1 && value <= 8 ? value : 1;
    }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error; // the block ends early
  }
  return 1;
}

/** Pixels as a file stores them, before they are turned upright. */
export interface StoredPixels {
  /** `height` × `width` × `channels` values, row by row, channels innermost. */
  readonly data: Uint8ClampedArray;
  /** 1 for grey, 3 for red, green and blue, 4 with opacity. */
  readonly channels: 1 | 3 | 4;
  /** Pixels from top to bottom, as stored. */
  readonly height: number;
  /** Pixels from left to right, as stored. */
  readonly width: number;
}

/** For each orientation: whether rows and columns are exchanged, and which then run backwards. */
const turns: readonly { readonly transposed: boolean; readonly flipX: boolean; readonly flipY: boolean }[] = [
  { transposed: false, flipX: false, flipY: false },
  { transposed: false, flipX: true, flipY: false },
  { transposed: false, flipX: true, flipY: true },
  { transposed: false, flipX: false, flipY: true },
  { transposed: true, flipX: false, flipY: false },
  { transposed: true, flipX: true, flipY: false },
  { transposed: true, flipX: true, flipY: true },
  { transposed: true, flipX: false, flipY: true },
];

/** A picture's height and width once it is upright. */
export function uprightSize(
  { height, width }: { readonly height: number; readonly width: number },
  orientation: number,
): { readonly height: number; readonly width: number } {
  return turns[orientation - 1]?.transposed ? { height: width, width: height } : { height, width };
}

/** A pixel as one number, red in its lowest byte: the machines that this runs on have that first. */
const pixelReaders: Readonly<Record<1 | 3 | 4, (data: Uint8ClampedArray, at: number) => number>> = {
  1: (data, at) => 0xff000000 | data[at]! * 0x010101,
  3: (data, at) => 0xff000000 | data[at + 2]! << 16 | data[at + 1]! << 8 | data[at]!,
  4: (data, at) => data[at + 3]! << 24 | data[at + 2]! << 16 | data[at + 1]! << 8 | data[at]!,
};

/** Which of the upright rows, and where they go. */
export interface RowsWanted {
  readonly first: number;
  readonly count: number;
  /** Takes them, whole numbers of pixels from the beginning of its buffer. */
  readonly into: Uint8ClampedArray;
}

/**
 * Some rows of a picture turned upright.
 *
 * @param stored The picture.
 * @param orientation 1 to 8, as EXIF counts.
 * @param first The first of the upright rows, how many, and where they are put.
 * @returns 8-bit RGBA, in that room.
 */
export function uprightRows(
  stored: StoredPixels,
  orientation: number,
  { first, count, into }: RowsWanted,
): Uint8ClampedArray {
  const { data, channels } = stored;
  const { transposed, flipX, flipY } = turns[orientation - 1] ?? turns[0]!;
  const { height, width } = uprightSize(stored, orientation);
  const [rowStep, columnStep] = transposed
    ? [channels, stored.width * channels]
    : [stored.width * channels, channels];
  const across = flipX ? -columnStep : columnStep;
  const down = flipY ? -rowStep : rowStep;
  const origin = (flipX ? (width - 1) * columnStep : 0) + (flipY ? (height - 1) * rowStep : 0) + first * down;
  const readPixel = pixelReaders[channels];
  const pixels = new Int32Array(into.buffer, into.byteOffset, count * width);
  if (channels === 3 && across === 3 && down === rowStep) {
    spreadColors(data, origin, pixels);
  } else if (transposed) { // in the order in which they are stored
    for (let x = 0; x < width; x++) {
      for (let y = 0, from = origin + x * across; y < count; y++, from += down) {
        pixels[y * width + x] = readPixel(data, from);
      }
    }
  } else {
    for (let y = 0, to = 0; y < count; y++) {
      for (let end = to + width, from = origin + y * down; to < end; to++, from += across) {
        pixels[to] = readPixel(data, from);
      }
    }
  }
  return into;
}
