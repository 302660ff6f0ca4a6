import { ImageError } from "../../base/errors.ts";
import { numberRule, type OptionRules } from "../../base/options.ts";

/** How large a photo may be. Its header is looked at before anything is decoded. */
export interface PhotoLimits {
  /**
   * The largest photo accepted, in pixels.
   * @default {100_000_000}
   */
  readonly maxPixels?: number | undefined;
  /**
   * The longest side of a photo accepted, in pixels: what is a few pixels wide and millions high is no photo, and costs
   * far more to resize than its pixels do. JPEG and GIF cannot have longer ones than the default.
   * @default {65_535}
   */
  readonly maxPhotoSide?: number | undefined;
  /**
   * The most memory that decoding a photo may take, in bytes, as it is estimated from its header. It holds for what
   * ImageMagick decodes as a whole: AVIFs, at 18 to 38 bytes a pixel, and TIFFs of rare kinds.
   * @default {any}
   */
  readonly maxDecodingBytes?: number | undefined;
}

/** What each of them can be. */
export const limitRules: OptionRules<PhotoLimits> = {
  maxPixels: numberRule("a number of pixels"),
  maxPhotoSide: numberRule("a number of pixels"),
  maxDecodingBytes: numberRule("a number of bytes"),
};

/** The limits where nothing else is said. */
const defaults = { maxPixels: 100_000_000, maxPhotoSide: 65_535 };

/**
 * Make sure that limits let something through, and not everything.
 *
 * @throws {RangeError} If one does not.
 */
export function checkLimits({ maxPixels, maxPhotoSide, maxDecodingBytes }: PhotoLimits): void {
  for (const [name, limit = 1] of Object.entries({ maxPixels, maxPhotoSide, maxDecodingBytes })) {
    if (!(limit >= 1)) throw new RangeError(`Cannot use ${name} ${limit}: use 1 or more`);
  }
}

/** A limit, and what lifts it. */
function atMost(limit: number, option: string, argument: string): string {
  return `at most ${limit} are accepted (option "${option}", ${argument})`;
}

/** What a file's header says of its size, in pixels. */
interface SaidSize {
  readonly height: number;
  readonly width: number;
  /** Of the largest frame or tile inside. */
  readonly largest?: number;
}

/**
 * Refuse a photo that is larger than the limits.
 *
 * @throws {ImageError} If it is.
 */
export function checkSize({ height, width, largest = 0 }: SaidSize, limits: PhotoLimits): void {
  const { maxPixels = defaults.maxPixels, maxPhotoSide = defaults.maxPhotoSide } = limits;
  const pixels = atMost(maxPixels, "maxPixels", "--max-pixels");
  if (height * width > maxPixels) throw new ImageError(`it has ${width} × ${height} pixels: ${pixels}`);
  if (largest > maxPixels) throw new ImageError(`a part of it has ${largest} pixels: ${pixels}`);
  if (Math.max(height, width) <= maxPhotoSide) return;
  const side = atMost(maxPhotoSide, "maxPhotoSide", "--max-photo-side");
  throw new ImageError(`it has ${width} × ${height} pixels: on a side ${side}`);
}

const megabyte = 1_000_000;

/**
 * Refuse a photo whose decoder would take more memory than the limit.
 *
 * @param bytes What it takes, estimated.
 * @throws {ImageError} If that is too much.
 */
export function checkDecoding(
  bytes: number,
  { height, width }: SaidSize,
  { maxDecodingBytes = Infinity }: PhotoLimits,
): void {
  if (bytes <= maxDecodingBytes) return;
  const [taken, allowed] = [bytes, maxDecodingBytes].map((count) => Math.round(count / megabyte));
  throw new ImageError(
    `decoding its ${width} × ${height} pixels takes about ${taken} MB: at most ${allowed} MB are allowed, ` +
      'save it smaller or as JPEG (option "maxDecodingBytes", --max-decoding-memory)',
  );
}
