import type { SampleValues } from "./samples.ts";
import { type TiffDirectory, tiffTags } from "./tiff_directory.ts";

/** What a pixel's values may be instead of grey or red, green and blue: the number of a colour, or four inks. */
export const coloring = { numbered: 3, inks: 5 };

/** The field InkSet, where the inks are cyan, magenta, yellow and black. */
const usualInks = 1;

/** A way from the values of a row to colours: red, green and blue of each pixel. */
export interface Coloring {
  /** How many values of a pixel it takes. */
  readonly taken: number;
  put(values: SampleValues, colors: Uint8Array): void;
}

/** A product of two parts of 255, rounded. */
function multiply(a: number, b: number): number {
  const product = a * b + 128;
  return product + (product >> 8) >> 8;
}

/** Inks on white paper, black on all others. */
const inks: Coloring = {
  taken: 4,
  put(values, colors) {
    for (let from = 0, to = 0; from < values.length; from += 4, to += 3) {
      const paper = 255 - values[from + 3]!;
      for (let ink = 0; ink < 3; ink++) colors[to + ink] = paper - multiply(values[from + ink]!, paper);
    }
  },
};

/** The colours that numbers stand for: all reds come first, then all greens, all blues, in 16 bits or, by old writers, in 8. */
function readPalette(values: readonly number[]): Uint8Array {
  const most = values.every((value) => value < 256) ? 255 : 65_535;
  const count = values.length / 3;
  return Uint8Array.from(
    values,
    (_, at) => Math.round(values[at % 3 * count + Math.floor(at / 3)]! * 255 / most),
  );
}

function numbered(palette: Uint8Array): Coloring {
  return {
    taken: 1,
    put(values, colors) {
      for (let from = 0, to = 0; from < values.length; from++, to += 3) {
        const at = values[from]! * 3;
        colors[to] = palette[at]!;
        colors[to + 1] = palette[at + 1]!;
        colors[to + 2] = palette[at + 2]!;
      }
    },
  };
}

/**
 * How the values of a picture become colours, where they are 8 bits each and stand for something else.
 *
 * @param meaning What they stand for, as the directory numbers it.
 * @param stored Values a pixel.
 * @returns `undefined` where another decoder knows more.
 */
export function coloringOf(directory: TiffDirectory, meaning: number, stored: number): Coloring | undefined {
  if (meaning === coloring.inks && stored === 4) {
    return directory.value(tiffTags.inkSet, usualInks) === usualInks ? inks : undefined;
  }
  if (meaning !== coloring.numbered || stored !== 1) return undefined;
  const values = directory.values(tiffTags.colorMap);
  return values.length === 3 * 256 ? numbered(readPalette(values)) : undefined;
}
