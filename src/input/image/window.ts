import { quote } from "../../base/quote.ts";
import type { InterpolationName } from "./interpolations/mod.ts";
import type { Placement, RgbaImage } from "./types.ts";

/**
 * How a photo is brought to the model's height and width: squashed as a whole, its middle cut out in the model's
 * shape, or whole in its own shape with a border around it.
 */
export type FitMode = "squash" | "crop" | "letterbox";

/**
 * How a cut is rounded: its corner to whole pixels of the resized photo, down or to the nearest, halves to even ones; or all
 * of it to whole pixels of the photo itself, down.
 */
export type CropRounding = "down" | "even" | "photo";

/** How a photo is brought to a model's size, in all that there is to say about it. */
export interface Fitting {
  /** The way. */
  readonly fit: FitMode;
  /**
   * How pixels are made of pixels.
   * @default {"bicubic"}
   */
  readonly interpolation?: InterpolationName | undefined;
  /**
   * How much of the photo is kept, in height and in width, of what `fit` would take: 0.875 where it is resized to 256
   * pixels, of which the middle 224 are cut out; above 1 with a border around it. It means nothing to `"letterbox"`.
   * @default {1}
   */
  readonly cropFraction?: number | undefined;
  /**
   * Whether the photo is resized to whole pixels before its middle is cut out, or after that, as other libraries do it, and
   * how the corner is rounded.
   * @default {nothing is rounded}
   */
  readonly cropRounding?: CropRounding | undefined;
  /**
   * The colour of the border where the photo does not fill the input: one value for all channels, or one each, 0 to 255,
   * red first.
   * @default {[0]}
   */
  readonly border?: readonly number[] | undefined;
}

/** Pixels from top to bottom and from left to right. */
export interface WindowSize {
  readonly height: number;
  readonly width: number;
}

/** A photo's size. */
type PhotoSize = Pick<RgbaImage, "height" | "width">;

/** The model's window on a photo. */
export interface PhotoWindow {
  /** Where it lies, in the photo's pixels; beyond the photo where there is a border. */
  readonly placement: Placement;
  /** The part of the photo within it. */
  readonly box: Placement;
  /** What that part is resized to. */
  readonly resized: WindowSize;
  /** Where that lies in the input, in pixels from the top and the left. */
  readonly top: number;
  readonly left: number;
}

/** A window of the model's shape, `scale` pixels of the photo to one of the model. */
function shaped({ height, width }: WindowSize, scale: number): WindowSize {
  return { width: width * scale, height: height * scale };
}

/** How large the model's window is on the photo; `fraction` is how much of it is kept. */
const windows: Readonly<
  Record<FitMode, (photo: PhotoSize, size: WindowSize, fraction: number) => WindowSize>
> = {
  squash: (photo, _, fraction) => shaped(photo, fraction),
  crop: (photo, size, fraction) =>
    shaped(size, Math.min(photo.width / size.width, photo.height / size.height) * fraction),
  letterbox: (photo, size) => shaped(size, Math.max(photo.width / size.width, photo.height / size.height)),
};

/** The ways to bring a photo to the model's size, the default first. */
export const fitModes: readonly FitMode[] = Object.freeze(Object.keys(windows) as FitMode[]);

/** @throws {RangeError} If there is no such way. */
export function checkFit(fit: string): asserts fit is FitMode {
  if (!Object.hasOwn(windows, fit)) {
    throw new RangeError(`Unknown fit ${quote(fit)}: use one of ${fitModes.join(", ")}`);
  }
}

/** Half of what is cut off, in whole pixels; below zero where there is a border. */
const corners: Readonly<Record<CropRounding, (excess: number) => number>> = {
  photo: (excess) => Math.floor(excess / 2),
  down: (excess) => Math.floor(excess / 2),
  even(excess) {
    if (excess < 0) return Math.ceil(excess / 2);
    return excess % 2 === 0 ? excess / 2 : 2 * Math.round(excess / 4);
  },
};

/** The ways to round the corner of a cut. */
export const cropRoundings: readonly CropRounding[] = Object.freeze(Object.keys(corners) as CropRounding[]);

/** The size in whole pixels that a whole photo is resized to, the side that counts first, the other in proportion. */
function wholeOf(photo: PhotoSize, size: WindowSize, { fit, cropFraction = 1 }: Fitting): WindowSize {
  const height = Math.max(Math.round(size.height / cropFraction), 1);
  const width = Math.max(Math.round(size.width / cropFraction), 1);
  if (fit === "squash") return { height, width };
  const isWide = size.width * photo.height < size.height * photo.width;
  return isWide
    ? { height, width: Math.max(Math.trunc(height * photo.width / photo.height), 1) }
    : { height: Math.max(Math.trunc(width * photo.height / photo.width), 1), width };
}

/** Where a window lies in one direction. */
interface Span {
  /** Where it begins on the photo, and how long it is there. */
  readonly start: number;
  readonly length: number;
  /** Where the part of the photo begins that it shows, and how long that is there. */
  readonly from: number;
  readonly shown: number;
  /** What that part is resized to, and where it lies in the input. */
  readonly resized: number;
  readonly offset: number;
}

/** A span of a photo that is resized to whole pixels first. */
function cutOut(photo: number, whole: number, size: number, corner: (excess: number) => number): Span {
  const begin = corner(whole - size);
  const first = Math.max(begin, 0);
  const resized = Math.min(begin + size, whole) - first;
  const [start, length] = [begin * photo / whole, size * photo / whole];
  const [from, shown] = [first * photo / whole, resized * photo / whole];
  return { start, length, from, shown, resized, offset: first - begin };
}

/** A span in the middle of a photo. */
function middle(photo: number, length: number, size: number): Span {
  const start = (photo - length) / 2;
  const shown = Math.min(length, photo);
  const resized = Math.max(Math.round(size * shown / length), 1);
  return {
    start,
    length,
    from: Math.max(start, 0),
    shown,
    resized,
    offset: Math.floor((size - resized) / 2),
  };
}

/** A span of whole pixels in the middle of a photo. */
function wholeMiddle(photo: number, length: number, size: number): Span {
  const whole = Math.max(Math.trunc(Math.min(length, photo)), 1);
  const start = corners.photo(photo - whole);
  return { start, length: whole, from: start, shown: whole, resized: size, offset: 0 };
}

/** The spans across and down. */
function spansOf(photo: PhotoSize, size: WindowSize, fitting: Fitting): readonly [across: Span, down: Span] {
  const { fit, cropFraction = 1, cropRounding } = fitting;
  if (cropRounding === undefined || cropRounding === "photo" || fit === "letterbox") {
    const { height, width } = windows[fit](photo, size, cropFraction);
    const span = cropRounding === "photo" && fit !== "letterbox" ? wholeMiddle : middle;
    return [span(photo.width, width, size.width), span(photo.height, height, size.height)];
  }
  const whole = wholeOf(photo, size, fitting);
  const corner = corners[cropRounding];
  return [
    cutOut(photo.width, whole.width, size.width, corner),
    cutOut(photo.height, whole.height, size.height, corner),
  ];
}

/**
 * Where the model's window lies on a photo.
 *
 * @param photo Its size, upright.
 * @param size The model's.
 * @param fitting How the one is brought to the other.
 * @throws {RangeError} If there is no such way.
 */
export function windowOn(photo: PhotoSize, size: WindowSize, fitting: Fitting): PhotoWindow {
  checkFit(fitting.fit);
  const [across, down] = spansOf(photo, size, fitting);
  return {
    placement: { x: across.start, y: down.start, width: across.length, height: down.length },
    box: { x: across.from, y: down.from, width: across.shown, height: down.shown },
    resized: { height: down.resized, width: across.resized },
    top: down.offset,
    left: across.offset,
  };
}
