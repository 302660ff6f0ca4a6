/**
 * The registry of formats that pictures are written in. The command line tool and the server read it; a new one is one file
 * beside this one and one line in the list.
 *
 * @module
 */
import { findNamed } from "../../base/find_named.ts";
import type { RgbaImage } from "../../input/image/types.ts";
import type { EncodingOptions, PictureEncoding } from "./encoding.ts";
import { jpegEncoding } from "./jpeg.ts";
import { pngEncoding } from "./png.ts";
import { webpEncoding } from "./webp.ts";

export type { EncodingOptions, PictureEncoding, PictureFormat } from "./encoding.ts";
export { encodingRules } from "./encoding.ts";

/** All of them, the default first. */
export const encodings: readonly PictureEncoding[] = Object.freeze([
  pngEncoding,
  jpegEncoding,
  webpEncoding,
]);

/** The quality of what is not exact, where none is asked for. */
export const usualQuality = 85;

/**
 * The format of a name, the default where none is named.
 *
 * @throws {RangeError} If there is none.
 */
export function findEncoding(name: string = encodings[0]!.name): PictureEncoding {
  return findNamed(encodings, name, "picture format");
}

/** The format whose files have an ending, in small letters and with its dot. */
export function encodingOfEnding(ending: string): PictureEncoding | undefined {
  return encodings.find(({ endings }) => endings.includes(ending));
}

/**
 * The format that is asked for, and the quality.
 *
 * @throws {RangeError} If there is no such format, it has no quality to choose, or the quality is none.
 */
export function chooseEncoding(
  { format, quality }: EncodingOptions,
): { encoding: PictureEncoding; quality: number } {
  const encoding = findEncoding(format);
  if (quality === undefined) return { encoding, quality: usualQuality };
  if (!(quality >= 1 && quality <= 100)) {
    throw new RangeError(`Cannot write pictures with quality ${quality}: use 1 to 100`);
  }
  if (!encoding.isExact) return { encoding, quality };
  const others = encodings.filter(({ isExact }) => !isExact).map(({ name }) => name);
  throw new RangeError(
    `Cannot write a ${encoding.title} with quality ${quality}: it keeps every pixel: use ${
      others.join(" or ")
    }`,
  );
}

/**
 * A picture as the content of a file.
 *
 * @param image Opaque, 8-bit RGBA.
 * @throws {RangeError} If there is no such format or quality, or the format cannot hold so large a picture.
 */
export async function encodePicture(image: RgbaImage, options: EncodingOptions = {}): Promise<Uint8Array> {
  const { encoding, quality } = chooseEncoding(options);
  const { height, width } = image;
  const { title, largestSide } = encoding;
  if (Math.max(height, width) > largestSide) {
    throw new RangeError(
      `Cannot write a ${title} of ${width} × ${height} pixels: a side has ${largestSide} at most: use png, or maxSide`,
    );
  }
  return await encoding.encode(image, quality);
}
