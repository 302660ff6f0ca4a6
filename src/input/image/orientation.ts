import { hasText, viewOf } from "./bytes.ts";
import type { RgbaImage } from "./types.ts";

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

/**
 * Turn a picture upright.
 *
 * @param image As stored.
 * @param orientation 1 to 8, as EXIF counts.
 */
export function orient(image: RgbaImage, orientation: number): RgbaImage {
  const turn = turns[orientation - 1];
  if (!turn || orientation === 1) return image;
  const { transposed, flipX, flipY } = turn;
  const width = transposed ? image.height : image.width;
  const height = transposed ? image.width : image.height;
  const source = new Uint32Array(image.data.buffer, image.data.byteOffset, image.width * image.height);
  const target = new Uint32Array(source.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const fromX = flipX ? width - 1 - x : x;
      const fromY = flipY ? height - 1 - y : y;
      target[y * width + x] = source[transposed ? fromX * image.width + fromY : fromY * image.width + fromX]!;
    }
  }
  return { data: new Uint8ClampedArray(target.buffer), height, width };
}
