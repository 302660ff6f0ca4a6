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

/** Values put into a frame of zeros. */
function frame({ height, width, values }: Omit<Gaps, "gaps">): Float64Array {
  const stride = width + 2;
  const framed = new Float64Array((height + 2) * stride);
  for (let row = 0; row < height; row++) {
    framed.set(values.subarray(row * width, (row + 1) * width), (row + 1) * stride + 1);
  }
  return framed;
}

/** The same with what lies on the edge again in the frame. */
function frameOfEdges(picture: Omit<Gaps, "gaps">): Float64Array {
  const framed = frame(picture), { height, width } = picture;
  const stride = width + 2;
  for (let row = 1; row <= height; row++) {
    framed[row * stride] = framed[row * stride + 1]!;
    framed[row * stride + width + 1] = framed[row * stride + width]!;
  }
  framed.copyWithin(0, stride, 2 * stride);
  framed.copyWithin((height + 1) * stride, height * stride, (height + 1) * stride);
  return framed;
}

/** The places of the gaps in the frame. */
function placesOf({ height, width, gaps }: Gaps): Uint32Array {
  const places = new Uint32Array(gaps.length);
  let count = 0;
  for (let row = 0, at = 0; row < height; row++) {
    const first = (row + 1) * (width + 2) + 1;
    for (let column = 0; column < width; column++, at++) if (gaps[at] !== 0) places[count++] = first + column;
  }
  return places.slice(0, count);
}

/** A picture half as large: the mean of what is known of each four pixels. */
function halve({ height, width, values, gaps }: Gaps): Gaps {
  const [rows, columns] = [Math.ceil(height / 2), Math.ceil(width / 2)];
  const sums = new Float32Array(rows * columns), counts = new Uint8Array(rows * columns);
  for (let row = 0, at = 0; row < height; row++) {
    const first = (row >> 1) * columns;
    for (let column = 0; column < width; column++, at++) {
      if (gaps[at] !== 0) continue;
      const cell = first + (column >> 1);
      sums[cell]! += values[at]!;
      counts[cell]!++;
    }
  }
  return {
    height: rows,
    width: columns,
    values: sums.map((sum, at) => sum / (counts[at] || 1)),
    gaps: counts.map((count) => count === 0 ? 1 : 0),
  };
}

/** A picture and all smaller ones, down to one in which nothing is unknown. */
function levelsOf(picture: Gaps): Level {
  const { height, width } = picture;
  const stride = width + 2;
  const inside = frame({ height, width, values: new Float32Array(height * width).fill(1) });
  const unknown = placesOf(picture);
  const weights = new Float64Array(unknown.length);
  for (let at = 0; at < unknown.length; at++) weights[at] = sumAround(inside, unknown[at]!, stride);
  const half = unknown.length > 0 && height > 1 && width > 1 ? levelsOf(halve(picture)) : undefined;
  return { height, stride, unknown, weights, half };
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

/** The place of a pixel in the frame of the picture half as large. */
function placeInHalf(place: number, stride: number, half: Level): number {
  const row = Math.floor(place / stride) - 1, column = place % stride - 1;
  return ((row >> 1) + 1) * half.stride + (column >> 1) + 1;
}

/** The sums of four pixels each. */
function gather(left: Float64Array, { unknown, stride }: Level, half: Level): Float64Array {
  const sums = new Float64Array((half.height + 2) * half.stride);
  for (let at = 0; at < unknown.length; at++) {
    const place = unknown[at]!;
    sums[placeInHalf(place, stride, half)]! += left[place]!;
  }
  return sums;
}

/** Add what was found half as large, bilinearly. */
function spread(found: Float64Array, half: Level, { unknown, stride }: Level, x: Float64Array): void {
  for (let next = 0; next < unknown.length; next++) {
    const place = unknown[next]!;
    const at = placeInHalf(place, stride, half);
    const isLower = Math.floor(place / stride) % 2 === 0, isRight = place % stride % 2 === 0;
    const down = isLower ? half.stride : -half.stride, right = isRight ? 1 : -1;
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
  let count = 0, sum = 0, squares = 0;
  for (let at = 0; at < values.length; at++) {
    if (gaps[at] !== 0) continue;
    const value = values[at]!;
    count++;
    sum += value;
    squares += value * value;
  }
  return Math.sqrt(Math.max(squares / count - (sum / count) ** 2, 0));
}

/** A first guess: the same with half as many pixels, filled, and made larger. */
function guess(picture: Gaps, level: Level): Float64Array {
  const x = frame(picture);
  for (const place of level.unknown) x[place] = 0;
  if (level.half) {
    const smaller = halve(picture);
    spread(frameOfEdges({ ...smaller, values: solve(smaller, level.half) }), level.half, level, x);
  }
  return x;
}

/** Whether each unknown pixel is as near its neighbours' mean as is enough. */
function isSolved({ unknown, weights, stride }: Level, x: Float64Array, enough: number): boolean {
  for (let at = 0; at < unknown.length; at++) {
    const place = unknown[at]!;
    if (Math.abs(sumAround(x, place, stride) - weights[at]! * x[place]!) > enough) return false;
  }
  return true;
}

/** Fill the gaps of a picture. */
function solve(picture: Gaps, level: Level): Float32Array {
  const { stride, unknown } = level;
  const x = guess(picture, level);
  const enough = tolerance * deviationOf(picture);
  for (let count = 0; count < mostRounds && !isSolved(level, x, enough); count++) round(level, x);
  const filled = picture.values.slice();
  for (let at = 0; at < unknown.length; at++) {
    const place = unknown[at]!;
    filled[(Math.floor(place / stride) - 1) * picture.width + place % stride - 1] = x[place]!;
  }
  return filled;
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
