import type { Placement, RgbaImage } from "./types.ts";

/** Pixels as planes one after another, each row by row: what a model is fed with, before it is scaled. */
export interface Planes {
  /** `channels` × `height` × `width` values, 0 to 255. */
  readonly data: Uint8ClampedArray;
  /** 1 for grey, 3 for red, green and blue, 4 with opacity. */
  readonly channels: number;
  /** Pixels from top to bottom. */
  readonly height: number;
  /** Pixels from left to right. */
  readonly width: number;
}

/** How far the filter reaches on either side, in pixels of the smaller picture. */
const reach = 2;

/** Weights are whole numbers of this fraction, as in the reference, so that results agree to the last bit. */
const one = 1 << 22;

/** The cubic convolution filter with a = −0.5 (Keys, 1981). */
function bicubic(distance: number): number {
  const a = -0.5;
  const x = Math.abs(distance);
  if (x < 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
  if (x < 2) return (((x - 5) * x + 8) * x - 4) * a;
  return 0;
}

/** For each pixel of the result: the first pixel of the source that counts, and the weights from there on. */
interface Filter {
  readonly starts: Int32Array;
  readonly counts: Int32Array;
  /** `taps` weights for each pixel of the result. */
  readonly weights: Int32Array;
  readonly taps: number;
}

/** The weights of one direction: the filter is widened when shrinking, which keeps fine patterns from aliasing. */
function planFilter(from: number, start: number, length: number, to: number): Filter {
  const scale = length / to;
  const stretch = Math.max(scale, 1);
  const support = reach * stretch;
  const taps = Math.ceil(support) * 2 + 1;
  const starts = new Int32Array(to);
  const counts = new Int32Array(to);
  const weights = new Int32Array(to * taps);
  for (let target = 0; target < to; target++) {
    const centre = start + (target + 0.5) * scale;
    const first = Math.max(Math.trunc(centre - support + 0.5), 0);
    const count = Math.min(Math.trunc(centre + support + 0.5), from) - first;
    const exact = Array.from({ length: count }, (_, tap) => bicubic((tap + first - centre + 0.5) / stretch));
    const sum = exact.reduce((total, weight) => total + weight, 0);
    exact.forEach((weight, tap) => {
      const scaled = weight / sum * one;
      weights[target * taps + tap] = Math.trunc(scaled < 0 ? scaled - 0.5 : scaled + 0.5);
    });
    starts[target] = first;
    counts[target] = count;
  }
  return { starts, counts, weights, taps };
}

/** From interleaved pixels to narrower planes of the rows that are needed. */
function shrinkRows(
  source: Uint8ClampedArray,
  width: number,
  filter: Filter,
  { first, rows, channels }: { first: number; rows: number; channels: number },
): Uint8ClampedArray {
  const { starts, counts, weights, taps } = filter;
  const to = starts.length;
  const result = new Uint8ClampedArray(channels * rows * to);
  for (let row = 0; row < rows; row++) {
    const line = (first + row) * width * 4;
    for (let x = 0; x < to; x++) {
      let red = one >> 1;
      let green = red;
      let blue = red;
      const count = counts[x]!;
      for (let tap = 0, at = line + starts[x]! * 4, w = x * taps; tap < count; tap++, at += 4, w++) {
        const weight = weights[w]!;
        red += source[at]! * weight;
        green += source[at + 1]! * weight;
        blue += source[at + 2]! * weight;
      }
      const place = row * to + x;
      result[place] = red >> 22;
      if (channels === 1) continue;
      result[rows * to + place] = green >> 22;
      result[2 * rows * to + place] = blue >> 22;
    }
  }
  return result;
}

/** From narrow planes to the result. */
function shrinkColumns(
  source: Uint8ClampedArray,
  { rows, width, first, channels }: { rows: number; width: number; first: number; channels: number },
  filter: Filter,
): Uint8ClampedArray {
  const { starts, counts, weights, taps } = filter;
  const to = starts.length;
  const result = new Uint8ClampedArray(channels * to * width);
  const sums = new Int32Array(width);
  for (let channel = 0; channel < channels; channel++) {
    for (let y = 0; y < to; y++) {
      sums.fill(one >> 1);
      const count = counts[y]!;
      for (let tap = 0; tap < count; tap++) {
        const weight = weights[y * taps + tap]!;
        const line = (channel * rows + starts[y]! - first + tap) * width;
        for (let x = 0; x < width; x++) sums[x] = sums[x]! + source[line + x]! * weight;
      }
      const line = (channel * to + y) * width;
      for (let x = 0; x < width; x++) result[line + x] = sums[x]! >> 22;
    }
  }
  return result;
}

/**
 * Resize a part of a picture with the bicubic filter, antialiased when shrinking. It computes in 8 bits, rows
 * first, as Pillow's `resize(…, BICUBIC)` does, and gives the same pixels.
 *
 * @param image The picture, opaque.
 * @param size The result's height and width in pixels; `box`, the part to take (default: all of it); and
 * `channels`, 1 if the picture is grey (its red is taken) or 3.
 */
export function resize(
  image: RgbaImage,
  { height, width, box, channels = 3 }: { height: number; width: number; box?: Placement; channels?: 1 | 3 },
): Planes {
  const part = box ?? { x: 0, y: 0, width: image.width, height: image.height };
  const across = planFilter(image.width, part.x, part.width, width);
  const down = planFilter(image.height, part.y, part.height, height);
  const first = down.starts[0]!;
  const rows = down.starts[height - 1]! + down.counts[height - 1]! - first;
  const narrow = shrinkRows(image.data, image.width, across, { first, rows, channels });
  const data = shrinkColumns(narrow, { rows, width, first, channels }, down);
  return { data, channels, height, width };
}
