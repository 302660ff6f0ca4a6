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
  return {
    photo: { data, height, width },
    placement: scalePlacement(placement, height / photo.height, width / photo.width),
  };
}

/** The longer side that small pictures are brought to at least, in pixels. */
export const smallestSide = 256;

/** The largest such side that can be asked for: nobody looks at more. */
export const largestSmallestSide = 4096;

/**
 * How many times a picture is enlarged, so that its longer side has some pixels at least: a whole number, 1 if it has.
 *
 * @param size The picture's.
 * @param minSide How many.
 * @throws {RangeError} If it is no whole number from 0 to 4096.
 */
export function enlargement(
  { height, width }: { readonly height: number; readonly width: number },
  minSide: number = smallestSide,
): number {
  if (!(Number.isInteger(minSide) && minSide >= 0 && minSide <= largestSmallestSide)) {
    throw new RangeError(
      `Cannot draw with minSide ${minSide}: use a whole number from 0 to ${largestSmallestSide}`,
    );
  }
  return Math.max(Math.ceil(minSide / Math.max(height, width)), 1);
}
