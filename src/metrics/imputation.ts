import { resizeHeatmap } from "../base/heatmap.ts";

/** Values of a picture's pixels, row by row, and which of them are to be found. */
export interface Gaps {
  readonly height: number;
  readonly width: number;
  /** `height` × `width` values; those of the gaps do not count. */
  readonly values: Float32Array;
  /** 1 where the value is to be found, else 0. */
  readonly gaps: Uint8Array;
}

/** How much a neighbour over an edge counts, and one over a corner. */
const overEdge = 1 / 6;
const overCorner = 1 / 12;

/** How many times each pixel is set to its neighbours' mean before and after what is coarse is corrected. */
const sweeps = 2;

/** How far pixels may be from their neighbours' mean in the end, in standard deviations of what is known. */
const tolerance = 1e-4;

/** After how many rounds the search ends at the latest. */
const mostRounds = 20;

/** A picture with a frame of one pixel round it, so that each pixel has eight neighbours; and the same half as large. */
interface Level {
  readonly height: number;
  readonly width: number;
  /** How far it is from one row to the next, with the frame. */
  readonly stride: number;
  /** The places of the gaps in the frame. */
  readonly unknown: Uint32Array;
  /** For each of them the sum of the weights of those neighbours that are in the picture. */
  readonly weights: Float64Array;
  readonly half: Level | undefined;
}

/** The sum of the neighbours' values, each times its weight. */
function sumAround(x: Float64Array, at: number, stride: number): number {
  const above = at - stride, below = at + stride;
  return overEdge * (x[above]! + x[at - 1]! + x[at + 1]! + x[below]!) +
    overCorner * (x[above - 1]! + x[above + 1]! + x[below - 1]! + x[below + 1]!);
}

/** The place of a pixel in the frame. */
function placeOf(at: number, width: number): number {
  return (Math.floor(at / width) + 1) * (width + 2) + at % width + 1;
}

/** Values put into a frame of zeros. */
function frame(
  { height, width }: Pick<Gaps, "height" | "width">,
  valueOf: (at: number) => number,
): Float64Array {
  const framed = new Float64Array((height + 2) * (width + 2));
  for (let at = 0; at < height * width; at++) framed[placeOf(at, width)] = valueOf(at);
  return framed;
}

/** A picture half as large: the mean of what is known of each four pixels. */
function halve({ height, width, values, gaps }: Gaps): Gaps {
  const [rows, columns] = [Math.ceil(height / 2), Math.ceil(width / 2)];
  const sums = new Float32Array(rows * columns), counts = new Float32Array(rows * columns);
  values.forEach((value, at) => {
    if (gaps[at] !== 0) return;
    const cell = (Math.floor(at / width) >> 1) * columns + ((at % width) >> 1);
    sums[cell]! += value;
    counts[cell]!++;
  });
  return {
    height: rows,
    width: columns,
    values: sums.map((sum, at) => sum / (counts[at] || 1)),
    gaps: Uint8Array.from(counts, (count) => count === 0 ? 1 : 0),
  };
}

/** A picture and all smaller ones, down to one in which nothing is unknown. */
function levelsOf(picture: Gaps): Level {
  const { height, width, gaps } = picture;
  const stride = width + 2;
  const inside = frame(picture, () => 1);
  const unknown = Uint32Array.from(
    [...gaps.keys()].filter((at) => gaps[at] !== 0),
    (at) => placeOf(at, width),
  );
  const weights = Float64Array.from(unknown, (place) => sumAround(inside, place, stride));
  const half = unknown.length > 0 && height > 1 && width > 1 ? levelsOf(halve(picture)) : undefined;
  return { height, width, stride, unknown, weights, half };
}

/** Set each unknown pixel to its neighbours' mean, and to what is asked for besides, one after the other. */
function smooth({ unknown, weights, stride }: Level, x: Float64Array, asked?: Float64Array): void {
  for (let at = 0; at < unknown.length; at++) {
    const place = unknown[at]!;
    x[place] = (sumAround(x, place, stride) + (asked ? asked[place]! : 0)) / weights[at]!;
  }
}

/** What is left to be done about each unknown pixel; in a frame. */
function residual({ unknown, weights, stride }: Level, x: Float64Array, asked?: Float64Array): Float64Array {
  const left = new Float64Array(x.length);
  for (let at = 0; at < unknown.length; at++) {
    const place = unknown[at]!;
    left[place] = sumAround(x, place, stride) + (asked ? asked[place]! : 0) - weights[at]! * x[place]!;
  }
  return left;
}

/** The sums of four pixels each. */
function gather(left: Float64Array, { height, width, stride }: Level, half: Level): Float64Array {
  const sums = new Float64Array((half.height + 2) * half.stride);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      sums[((row >> 1) + 1) * half.stride + (column >> 1) + 1]! += left[(row + 1) * stride + column + 1]!;
    }
  }
  return sums;
}

/** Add what was found half as large, bilinearly. */
function spread(found: Float64Array, half: Level, { unknown, stride }: Level, x: Float64Array): void {
  for (const place of unknown) {
    const row = Math.floor(place / stride) - 1, column = place % stride - 1;
    const at = ((row >> 1) + 1) * half.stride + (column >> 1) + 1;
    const down = (row % 2 === 0 ? -1 : 1) * half.stride, right = column % 2 === 0 ? -1 : 1;
    x[place]! += (9 * found[at]! + 3 * (found[at + down]! + found[at + right]!) + found[at + down + right]!) /
      16;
  }
}

/** One round: what is fine is smoothed, what is coarse is corrected by the same of a picture half as large. */
function round(level: Level, x: Float64Array, asked?: Float64Array): void {
  for (let sweep = 0; sweep < sweeps; sweep++) smooth(level, x, asked);
  const { half } = level;
  if (half && half.unknown.length > 0) {
    const wanted = gather(residual(level, x, asked), level, half);
    const found = new Float64Array(wanted.length);
    round(half, found, wanted);
    spread(found, half, level, x);
  }
  for (let sweep = 0; sweep < sweeps; sweep++) smooth(level, x, asked);
}

/** The standard deviation of what is known. */
function deviationOf({ values, gaps }: Gaps): number {
  const known = values.filter((_, at) => gaps[at] === 0);
  const mean = known.reduce((sum, value) => sum + value, 0) / known.length;
  return Math.sqrt(known.reduce((sum, value) => sum + (value - mean) ** 2, 0) / known.length);
}

/** A first guess: the same with half as many pixels, filled, and made larger. */
function guess(picture: Gaps, { half }: Level): Float64Array {
  const { width, values, gaps } = picture;
  if (!half) return frame(picture, (at) => gaps[at] === 0 ? values[at]! : 0);
  const smaller = halve(picture);
  const size = { height: 2 * half.height, width: 2 * half.width };
  const { data } = resizeHeatmap({ ...smaller, data: solve(smaller, half) }, size);
  return frame(
    picture,
    (at) => gaps[at] === 0 ? values[at]! : data[Math.floor(at / width) * size.width + at % width]!,
  );
}

/** Fill the gaps of a picture. */
function solve(picture: Gaps, level: Level): Float32Array {
  const { width, values, gaps } = picture;
  const x = guess(picture, level);
  const enough = tolerance * deviationOf(picture);
  for (let count = 0; count < mostRounds; count++) {
    const left = residual(level, x);
    if (!level.unknown.some((place) => Math.abs(left[place]!) > enough)) break;
    round(level, x);
  }
  return values.map((value, at) => gaps[at] === 0 ? value : x[placeOf(at, width)]!);
}

/**
 * Fill gaps such that each of their pixels is the mean of its eight neighbours, those over an edge counting twice as much as those over
 * a corner: a sparse system of as many equations as there are unknown pixels, solved by multigrid.
 *
 * Rong et al., "A Consistent and Efficient Evaluation Strategy for Attribution Methods", ICML 2022, https://arxiv.org/abs/2202.00449
 *
 * @param size The picture's.
 * @param gaps Which pixels are to be found, 1 or 0.
 * @returns What fills the gaps of one channel's values: those that are known stay. Where nothing is known, they become 0.
 */
export function gapFiller(
  { height, width }: Pick<Gaps, "height" | "width">,
  gaps: Uint8Array,
): (values: Float32Array) => Float32Array {
  if (!gaps.includes(0)) return (values) => new Float32Array(values.length);
  if (!gaps.includes(1)) return (values) => values.slice();
  const level = levelsOf({ height, width, gaps, values: new Float32Array(gaps.length) });
  return (values) => solve({ height, width, values, gaps }, level);
}
