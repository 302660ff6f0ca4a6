import type { Colormap } from "./colormaps/mod.ts";

/** How the colours of a map are laid over a photo. */
export interface Blend {
  readonly colormap: Colormap;
  /** The share of the largest opacity that a value of the map has, both 0 to 1. */
  readonly share: (value: number) => number;
  /** The largest opacity, 0 to 1. */
  readonly largest: number;
}

/** The index of a map's highest value: there are 256 levels, as there are colours. */
export const highestLevel = 255;

/** How many values a level has: 256 of red, then as many of green and of blue. */
export const valuesPerLevel = 3 * 256;

/** What becomes of every value under every colour. */
function workOut({ colormap: { colors }, share, largest }: Blend): Uint8ClampedArray {
  const values = new Uint8ClampedArray((highestLevel + 1) * valuesPerLevel);
  for (let level = 0, at = 0; level <= highestLevel; level++) {
    const kept = Math.fround(1 - largest * share(level / highestLevel)); // of the photo
    for (let channel = 0; channel < 3; channel++) {
      const added = Math.fround(colors[level * 3 + channel]! * (1 - kept));
      for (let value = 0; value < 256; value++, at++) values[at] = value * kept + added;
    }
  }
  return values;
}

/** A table of 200 KB that was worked out before. */
interface Kept extends Blend {
  readonly values: Uint8ClampedArray;
}

/** How many tables are kept: most photos are drawn as the one before. */
const mostKept = 3;
const kept: Kept[] = [];

/**
 * What becomes of each value of a photo where a colour is laid over it, in a table: photos have millions of pixels, of which
 * none is then computed.
 *
 * @returns 256 levels of the map × red, green, blue × 256 values of the photo; not to be changed.
 */
export function blendedValues(blend: Blend): Uint8ClampedArray {
  const { colormap, share, largest } = blend;
  const found = kept.find((one) =>
    one.colormap === colormap && one.share === share && one.largest === largest
  );
  if (found) return found.values;
  const values = workOut(blend);
  kept.unshift({ ...blend, values });
  kept.length = Math.min(kept.length, mostKept);
  return values;
}
