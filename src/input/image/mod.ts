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
import { asSamples, readSamples, toEightBits } from "./eight_bits.ts";
import { collectUnused } from "./collector.ts";
import type { DecodedPixels, ImageFormat } from "./format.ts";
import { gifFormat } from "./gif.ts";
import { jpegFormat } from "./jpeg.ts";
import { checkLimits, checkSize } from "./limits.ts";
import { pngFormat } from "./png.ts";
import { checkRange, type ValueRange } from "./range.ts";
import { collectRows, type PictureRows, rowsOf } from "./rows.ts";
import { tiffFormat } from "./tiff.ts";
import { type DecodedImage, type DecodeOptions, decodeRules, type RgbaImage } from "./types.ts";
import { webpFormat } from "./webp.ts";
import { blendOnWhite } from "./white.ts";

export { encodePng } from "./encode_png.ts";
export { onWhite } from "./white.ts";

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

/**
 * Take a photo in the range of values that is asked for; the same one where none is.
 *
 * @param room Where the pixels are put, which may be where they are.
 */
export async function inRange(
  image: DecodedPixels,
  range: ValueRange | undefined,
  room?: Uint8ClampedArray,
): Promise<DecodedPixels> {
  if (range === undefined && !image.isReduced) return image;
  const { data, height, width, warnings } = await toEightBits(asSamples(image), range, room);
  return { data, height, width, warnings };
}

/** @throws {ImageError} If a file is another than a photo, or a photo of a kind that is not decoded. */
async function refuseForeign(bytes: Uint8Array): Promise<void> {
  const { describeForeign } = await import("./foreign.ts");
  const foreign = await describeForeign(bytes);
  if (foreign !== undefined) throw new ImageError(foreign);
}

/** A photo that can be read: its file is one, and small enough. */
export interface OpenPhoto extends PictureRows {
  /** The file's format as recognised by its content, such as `"jpeg"`. */
  readonly format: string;
  readonly warnings: readonly string[];
  /** All pixels, where the decoder gives them at once. */
  readonly image?: RgbaImage | undefined;
}

/** How an error is told of a file whose decoder met something that it does not expect. */
function asImageError(error: unknown, { title }: ImageFormat): ImageError {
  if (error instanceof ImageError) return error;
  return new ImageError(`the ${title} file is damaged or cut short`, { cause: error });
}

/** An error with the name of what could not be decoded before it. */
function withName(error: unknown, name: string): unknown {
  if (!(error instanceof ImageError)) return error;
  return new ImageError(`Cannot decode ${name}: ${error.message}`, { cause: error.cause });
}

async function openAs(
  format: ImageFormat,
  bytes: Uint8Array,
  { range, ...limits }: DecodeOptions,
): Promise<DecodedPixels | PictureRows> {
  const header = format.readHeader(bytes);
  if (!header || !(header.width > 0 && header.height > 0)) {
    throw new ImageError(`the ${format.title} file is damaged or cut short`);
  }
  checkSize(header, limits);
  try {
    const decoded = await format.decode(bytes, header, limits);
    if ("runs" in decoded) return await readSamples(decoded, range);
    if (decoded.height * decoded.width !== header.height * header.width) throw new Error("another size");
    if (!("rows" in decoded)) return await inRange(decoded, range);
    const { isReduced = false, warnings = [] } = decoded;
    if (range === undefined && !isReduced) return decoded;
    const collected = await collectRows(decoded);
    return await inRange({ ...collected, isReduced, warnings }, range, collected.data);
  } catch (error) {
    throw asImageError(error, format);
  }
}

/**
 * Open a photo whose name is known, for the messages.
 *
 * @param name How the photo is named in messages, quotes included.
 */
export async function openNamed(
  bytes: Uint8Array,
  name: string,
  { range, ...limits }: Omit<DecodeOptions, "alpha"> = {},
): Promise<OpenPhoto> {
  checkLimits(limits);
  if (range !== undefined) checkRange(range);
  try {
    const format = imageFormats.find(({ matches }) => matches(bytes));
    if (!format?.isUnmistakable) await refuseForeign(bytes); // what is built like a TIFF may be none
    if (!format) {
      throw new ImageError(`it is no image: use ${imageFormats.map(({ title }) => title).join(", ")}`);
    }
    const opened = await openAs(format, bytes, { range, ...limits });
    const { height, width, warnings = [] } = opened;
    const about = { height, width, warnings, format: format.name };
    if (!("rows" in opened)) {
      const image = { data: opened.data, height, width };
      return { ...about, image, rows: () => rowsOf(image) };
    }
    const { rows, isOpaque = false } = opened;
    return {
      ...about,
      isOpaque,
      async *rows(room) {
        try {
          yield* rows(room);
        } catch (error) {
          throw withName(asImageError(error, format), name);
        }
      },
    };
  } catch (error) {
    throw withName(error, name);
  }
}

/**
 * Decode a photo whose name is known, for the messages.
 *
 * @param name How the photo is named in messages, quotes included.
 */
export async function decodeNamed(
  bytes: Uint8Array,
  name: string,
  options: DecodeOptions = {},
): Promise<DecodedImage> {
  const decoded = await decodeWhole(bytes, name, options);
  await collectUnused();
  return decoded;
}

async function decodeWhole(
  bytes: Uint8Array,
  name: string,
  { alpha = "blend", ...options }: DecodeOptions,
): Promise<DecodedImage> {
  const opened = await openNamed(bytes, name, options);
  const { format, warnings } = opened;
  const { data, height, width } = opened.image ?? await collectRows(opened);
  if (alpha === "blend") blendOnWhite(data);
  return { data, height, width, format, warnings };
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
