/**
 * Photos from files: the registry of formats. A new format is one file beside this one and one line in
 * {@linkcode imageFormats}.
 *
 * @module
 */
import { ImageError } from "../../base/errors.ts";
import { checkOptionTypes } from "../../base/options.ts";
import { avifFormat } from "./avif.ts";
import { bmpFormat } from "./bmp.ts";
import { asSamples, toEightBits } from "./eight_bits.ts";
import type { DecodedPixels, ImageFormat } from "./format.ts";
import { gifFormat } from "./gif.ts";
import { jpegFormat } from "./jpeg.ts";
import { checkLimits, checkSize } from "./limits.ts";
import { pngFormat } from "./png.ts";
import { checkRange, type ValueRange } from "./range.ts";
import { tiffFormat } from "./tiff.ts";
import { type DecodedImage, type DecodeOptions, decodeRules, type RgbaImage } from "./types.ts";
import { webpFormat } from "./webp.ts";

export { encodePng } from "./encode_png.ts";

/** All formats, in the order in which they are tried. */
export const imageFormats: readonly ImageFormat[] = Object.freeze([
  jpegFormat,
  pngFormat,
  webpFormat,
  gifFormat,
  bmpFormat,
  tiffFormat,
  avifFormat,
] as ImageFormat[]);

/** Blend what is transparent on white, in place. */
function blendOnWhite(data: Uint8ClampedArray): void {
  for (let at = 0; at < data.length; at += 4) {
    const alpha = data[at + 3]!;
    if (alpha === 255) continue;
    for (let channel = at; channel < at + 3; channel++) {
      data[channel] = Math.round((data[channel]! * alpha + 255 * (255 - alpha)) / 255);
    }
    data[at + 3] = 255;
  }
}

/** A photo as people see it on white paper; the same one if all of it is opaque. */
export function onWhite(image: RgbaImage): RgbaImage {
  const { data, height, width } = image;
  let at = 3;
  while (at < data.length && data[at] === 255) at += 4;
  if (at >= data.length) return image;
  const blended = data.slice();
  blendOnWhite(blended);
  return { data: blended, height, width };
}

/** Take a photo in the range of values that is asked for; the same one where none is. */
export function inRange(image: DecodedPixels, range: ValueRange | undefined): DecodedPixels {
  if (range === undefined && !image.isReduced) return image;
  return toEightBits(asSamples(image), range);
}

/** @throws {ImageError} If a file is another than a photo, or a photo of a kind that is not decoded. */
async function refuseForeign(bytes: Uint8Array): Promise<void> {
  const { describeForeign } = await import("./foreign.ts");
  const foreign = await describeForeign(bytes);
  if (foreign !== undefined) throw new ImageError(foreign);
}

async function decodeAs(
  format: ImageFormat,
  bytes: Uint8Array,
  { range, ...limits }: DecodeOptions,
): Promise<DecodedPixels> {
  const header = format.readHeader(bytes);
  if (!header || !(header.width > 0 && header.height > 0)) {
    throw new ImageError(`the ${format.title} file is damaged or cut short`);
  }
  checkSize(header, limits);
  const { height, width } = header;
  try {
    const decoded = await format.decode(bytes, header);
    const image = "values" in decoded ? toEightBits(decoded, range) : inRange(decoded, range);
    if (image.data.length === height * width * 4) return image;
  } catch (error) {
    if (error instanceof ImageError) throw error;
    throw new ImageError(`the ${format.title} file is damaged or cut short`, { cause: error });
  }
  throw new ImageError(`the ${format.title} file is damaged or cut short`);
}

/**
 * Decode a photo whose name is known, for the messages.
 *
 * @param name How the photo is named in messages, quotes included.
 */
export async function decodeNamed(
  bytes: Uint8Array,
  name: string,
  { alpha = "blend", range, ...limits }: DecodeOptions = {},
): Promise<DecodedImage> {
  checkLimits(limits);
  if (range !== undefined) checkRange(range);
  try {
    const format = imageFormats.find(({ matches }) => matches(bytes));
    if (!format?.isUnmistakable) await refuseForeign(bytes); // what is built like a TIFF may be none
    if (!format) {
      throw new ImageError(`it is no image: use ${imageFormats.map(({ title }) => title).join(", ")}`);
    }
    const { data, height, width, warnings = [] } = await decodeAs(format, bytes, { range, ...limits });
    if (alpha === "blend") blendOnWhite(data);
    return { data, height, width, format: format.name, warnings };
  } catch (error) {
    if (!(error instanceof ImageError)) throw error;
    throw new ImageError(`Cannot decode ${name}: ${error.message}`, { cause: error.cause });
  }
}

/**
 * Decode a photo: upright, opaque (alpha blended on white unless asked otherwise), 8 bits a channel.
 *
 * @param bytes The content of a JPEG, PNG, WebP, GIF, BMP, TIFF or AVIF file; the format is found by it.
 * @param options The largest photo accepted, whose header is looked at before anything is decoded; and how it is brought
 * to 8 bits.
 * @throws {ImageError} If it is no image, damaged, cut short, or too large; the message says which, in one line.
 * @throws {RangeError} If the limit or the range is none.
 * @throws {TypeError} If an option is unknown or of a wrong type.
 *
 * @example
 * ```ts
 * import { decodeImage } from "@xai/gradcam";
 * import { assertEquals } from "@std/assert";
 *
 * const { width, height, format } = await decodeImage(await Deno.readFile("testdata/photos/chelsea.png"));
 * assertEquals([width, height, format], [451, 300, "png"]);
 * ```
 */
export async function decodeImage(bytes: Uint8Array, options: DecodeOptions = {}): Promise<DecodedImage> {
  checkOptionTypes("decodeImage()", options, decodeRules);
  return await decodeNamed(bytes, "the image", options);
}
