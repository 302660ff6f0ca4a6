/** Pixels around everything and between cells, between a picture and its words, and between their lines. */
export const gap = 14;
export const wordGap = 8;
export const lineGap = 7;
/** The size of words, in pixels. */
export const textSize = 13;

/** How wide pictures may be, in pixels: less, the more stand in a row. */
const widest = 320;
const narrowest = 96;
const row = 2400;
/** Their height, as a part of that. */
const shape = 3 / 4;

/** The most cells of a grid, the most of its pixels, and the most down: more go to another. */
const mostCells = 200;
const mostPixels = 2 ** 24;
const tallest = 16_000;

/** The most columns that can be asked for. */
export const mostColumns = 40;

/** What the words below a picture take, in pixels. */
const words = wordGap + textSize + lineGap + textSize;

/** The room of each picture in a grid of so many columns, in pixels. */
export function gridRoom(columns: number): { readonly height: number; readonly width: number } {
  const width = Math.min(Math.max(Math.floor(row / columns) - gap, narrowest), widest);
  return { height: Math.round(width * shape), width };
}

/** From one row of a grid to the next, and across all of it, in pixels. */
export function gridSizes(columns: number): { readonly step: number; readonly width: number } {
  const { height, width } = gridRoom(columns);
  return { step: height + words + gap, width: columns * (width + gap) + gap };
}

/** How many pictures a grid of so many columns has at most: 200, or fewer where it would have more than some 16 million pixels. */
export function gridCapacity(columns: number): number {
  const { step, width } = gridSizes(columns);
  const rows = Math.floor(Math.min(tallest, mostPixels / width) / step);
  return Math.min(Math.floor(mostCells / columns), rows) * columns;
}
