import type { PhotoSize } from "./truth_format.ts";

/** Runs of a raster that is gone through column by column: so many 0, so many 1, and so on. */
export type Runs = readonly number[];

/**
 * The runs of a text as COCO's own tools write it: numbers in pieces of five bits, the lowest first, each from the fourth
 * on less the one two before it.
 *
 * @returns `undefined` where the text is none.
 */
export function readRuns(text: string): Runs | undefined {
  const runs: number[] = [];
  for (let at = 0; at < text.length;) {
    let [value, shift, piece] = [0, 0, 0];
    do {
      piece = text.charCodeAt(at++) - 48;
      if (!(piece >= 0 && piece < 64) || shift > 30) return undefined; // past the end it is no number
      value |= (piece & 31) << shift;
      shift += 5;
    } while (piece & 32);
    if (piece & 16 && shift < 32) value |= -1 << shift;
    runs.push(runs.length > 2 ? value + runs[runs.length - 2]! : value);
  }
  return runs;
}

/**
 * What runs cover.
 *
 * @returns Whether a pixel is covered; `undefined` where the runs do not fill the raster.
 */
export function coveredBy(
  runs: Runs,
  { height, width }: PhotoSize,
): ((row: number, column: number) => boolean) | undefined {
  const isRun = (run: unknown) => Number.isInteger(run) && (run as number) >= 0;
  if (!runs.every(isRun) || runs.reduce((sum, run) => sum + run, 0) !== height * width) return undefined;
  const pixels = new Uint8Array(height * width); // column by column
  let at = 0;
  runs.forEach((run, index) => {
    if (index % 2 === 1) pixels.fill(1, at, at + run);
    at += run;
  });
  return (row, column) => pixels[column * height + row] === 1;
}
