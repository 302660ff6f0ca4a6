import { release } from "../base/release.ts";
import { resize } from "../input/image/resize.ts";
import type { Placement, RgbaImage } from "../input/image/types.ts";

/** A photo to draw on, and where on it the model looked. */
export interface SeenPhoto {
  /** Upright and opaque. */
  readonly photo: RgbaImage;
  /** All of it if left out. */
  readonly placement?: Placement | undefined;
}

/** A placement on a photo that was brought to another size. */
export function scalePlacement(
  placement: Placement | undefined,
  down: number,
  across: number,
): Placement | undefined {
  return placement && {
    x: placement.x * across,
    y: placement.y * down,
    width: placement.width * across,
    height: placement.height * down,
  };
}

/**
 * Bring a photo to another size, bicubically, and the placement with it.
 *
 * @param seen The photo.
 * @param size The height and width wanted, in pixels.
 */
export function scalePhoto(
  { photo, placement }: SeenPhoto,
  { height, width }: { readonly height: number; readonly width: number },
): SeenPhoto {
  if (height === photo.height && width === photo.width) return { photo, placement };
  const planes = resize(photo, { height, width });
  const pixels = height * width;
  const data = new Uint8ClampedArray(pixels * 4).fill(255);
  for (let at = 0; at < pixels; at++) {
    for (let channel = 0; channel < 3; channel++) {
      data[at * 4 + channel] = planes.data[channel * pixels + at]!;
    }
  }
  release(planes.data);
  return {
    photo: { data, height, width },
    placement: scalePlacement(placement, height / photo.height, width / photo.width),
  };
}

/** The longer side that small pictures are brought to at least, in pixels. */
export const smallestSide = 256;

/** The largest such side that can be asked for: nobody looks at more. */
export const largestSmallestSide = 4096;

/** How large pictures are drawn. */
export interface SideOptions {
  /**
   * How many pixels the longer side has at least.
   * @default {256, or maxSide where that is less}
   */
  readonly minSide?: number | undefined;
  /**
   * How many it has at most.
   * @default {no limit}
   */
  readonly maxSide?: number | undefined;
}

/**
 * Make sure that pictures can be drawn so large.
 *
 * @throws {RangeError} If `minSide` is no whole number from 0 to 4096, `maxSide` none from 1 up, or less than `minSide`.
 */
export function checkSides({ minSide = 0, maxSide = Infinity }: SideOptions): void {
  if (!(Number.isInteger(minSide) && minSide >= 0 && minSide <= largestSmallestSide)) {
    throw new RangeError(
      `Cannot draw with minSide ${minSide}: use a whole number from 0 to ${largestSmallestSide}`,
    );
  }
  if (!(Number.isInteger(maxSide) && maxSide >= 1 || maxSide === Infinity)) {
    throw new RangeError(`Cannot draw with maxSide ${maxSide}: use a whole number from 1 up`);
  }
  if (minSide > maxSide) {
    throw new RangeError(
      `Cannot draw with minSide ${minSide} and maxSide ${maxSide}: use ${maxSide} at most`,
    );
  }
}

/**
 * The size that a picture is drawn at. A small one is enlarged a whole number of times, so that its longer side has some
 * pixels at least, and no more than allowed; a large one is reduced to what is allowed.
 *
 * @param size The picture's own.
 * @throws {RangeError} As {@linkcode checkSides}.
 */
export function drawnSize(
  { height, width }: { readonly height: number; readonly width: number },
  options: SideOptions,
): { height: number; width: number } {
  checkSides(options);
  const { minSide = smallestSide, maxSide = Infinity } = options;
  const longer = Math.max(height, width);
  const times = Math.min(Math.max(Math.ceil(minSide / longer), 1), Math.floor(maxSide / longer));
  if (times >= 1) return { height: height * times, width: width * times };
  const shrunk = (side: number) => Math.max(Math.round(side * maxSide / longer), 1);
  return { height: shrunk(height), width: shrunk(width) };
}
