import { areSame, Filter, one, type Taps } from "./filter.ts";
import type { Interpolation } from "./interpolations/interpolation.ts";
import { asPixels } from "../../base/pixels.ts";
import { Narrower } from "./simd/narrower.ts";
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

/** A picture's size. */
interface Size {
  readonly height: number;
  readonly width: number;
}

/** What a picture is resized to. */
export interface ResizeTarget extends Size {
  /**
   * The part to take.
   * @default {all of it}
   */
  readonly box?: Placement;
  /**
   * 1 if the picture is grey, so that its red is taken, or 3.
   * @default {3}
   */
  readonly channels?: 1 | 3;
  /**
   * How pixels are made of pixels.
   * @default {bicubic}
   */
  readonly interpolation?: Interpolation | undefined;
}

/** How many rows are narrowed at a time. */
const rowsAtOnce = 16;

/** A row of the result in the making. */
interface OpenRow {
  readonly y: number;
  readonly taps: Taps;
  /** A sum for each narrow column of each channel. */
  readonly sums: Int32Array;
}

/** Pixels to narrow: where they begin, how far apart the rows are, and how much each pixel from there on counts. */
interface WideRows {
  /** A number a pixel. */
  readonly rows: Int32Array;
  readonly start: number;
  readonly step: number;
  readonly weights: Int32Array;
}

/** A column of narrow rows, of each row a channel after the other. */
interface NarrowColumn {
  readonly narrow: Uint8ClampedArray;
  readonly count: number;
  readonly columns: number;
  readonly column: number;
}

/** The weighted sums of pixels' red, for one column of some rows. */
function narrowGrey({ rows, start, step, weights }: WideRows, to: NarrowColumn): void {
  const { narrow, count, columns, column } = to;
  const taps = weights.length;
  for (let row = 0; row < count; row++) {
    let red = one >> 1;
    for (let tap = 0, at = start + row * step; tap < taps; tap++, at++) {
      red = red + Math.imul(rows[at]! & 255, weights[tap]!) | 0;
    }
    narrow[row * columns + column] = red >> 22;
  }
}

/** The same of all three colours. A pixel is read as one number, and sums are told to be whole: it is where time goes. */
function narrowColors({ rows, start, step, weights }: WideRows, to: NarrowColumn): void {
  const { narrow, count, columns, column } = to;
  const taps = weights.length;
  for (let row = 0, place = column; row < count; row++, place += 3 * columns) {
    let red = one >> 1;
    let green = red;
    let blue = red;
    for (let tap = 0, at = start + row * step; tap < taps; tap++, at++) {
      const weight = weights[tap]!;
      const pixel = rows[at]!;
      red = red + Math.imul(pixel & 255, weight) | 0;
      green = green + Math.imul(pixel >> 8 & 255, weight) | 0;
      blue = blue + Math.imul(pixel >> 16 & 255, weight) | 0;
    }
    narrow[place] = red >> 22;
    narrow[place + columns] = green >> 22;
    narrow[place + 2 * columns] = blue >> 22;
  }
}

/** Add values to sums, each as often as they count. */
function addWeighted(sums: Int32Array, values: Uint8ClampedArray, weight: number): void {
  const count = Math.min(sums.length, values.length);
  for (let at = 0; at < count; at++) sums[at] = sums[at]! + Math.imul(values[at]!, weight) | 0;
}

/**
 * Resizes a picture that comes a few rows at a time, antialiased when shrinking unless pixels are only picked. It computes
 * in 8 bits, rows first, as Pillow's `resize()` does, and gives the same pixels. Besides the result it holds
 * sums for those of its rows alone that the rows at hand count for.
 */
export class Resizer {
  readonly #width: number;
  readonly #across: Filter;
  readonly #down: Filter;
  /** A pixel of the result for each narrow column: those made of the same pixels in the same way share one. */
  readonly #targets: readonly number[];
  /** The narrow column of each pixel of the result's rows. */
  readonly #columns: Int32Array;
  #narrower: Narrower | undefined;
  readonly #result: Planes;
  readonly #open: OpenRow[] = [];
  readonly #unused: Int32Array[] = [];
  /** Where rows are narrowed. */
  readonly #narrowed: Uint8ClampedArray;
  /** How many rows of the source have come. */
  #taken = 0;
  /** How many rows of the result have been begun. */
  #begun = 0;

  /**
   * @param source The picture's size.
   * @param target What it is resized to.
   */
  constructor(source: Size, { height, width, box, channels = 3, interpolation }: ResizeTarget) {
    const part = box ?? { x: 0, y: 0, ...source };
    this.#width = source.width;
    this.#across = new Filter(source.width, {
      start: part.x,
      length: part.width,
      to: width,
      interpolation,
    });
    this.#down = new Filter(source.height, {
      start: part.y,
      length: part.height,
      to: height,
      interpolation,
    });
    this.#columns = new Int32Array(width);
    const targets: number[] = [];
    for (let x = 0; x < width; x++) {
      const isNew = x === 0 || !this.#across.isEnlarging ||
        !areSame(this.#across.at(x), this.#across.at(targets.at(-1)!));
      if (isNew) targets.push(x);
      this.#columns[x] = targets.length - 1;
    }
    this.#targets = targets;
    const places = rowsAtOnce * channels * targets.length;
    if (channels === 3 && Narrower.fits(source.width, this.#across.most * targets.length)) {
      const taps = targets.map((target) => this.#across.at(target));
      this.#narrower = new Narrower(taps, { width: source.width, rowsAtOnce });
    }
    this.#narrowed = new Uint8ClampedArray(this.#narrower ? 0 : places);
    this.#result = { data: new Uint8ClampedArray(channels * height * width), channels, height, width };
  }

  /**
   * Take the next rows of the picture.
   *
   * @param rows Whole rows, 8-bit RGBA, opaque.
   */
  take(rows: Uint8ClampedArray): void {
    const pixels = asPixels(rows);
    const end = this.#taken + pixels.length / this.#width;
    const first = this.#down.span(0)[0];
    const last = Math.min(end, this.#down.span(this.#result.height - 1)[1]);
    for (let row = Math.max(this.#taken, first); row < last; row += rowsAtOnce) {
      const count = Math.min(rowsAtOnce, last - row);
      const narrow = this.#narrow(pixels, row - this.#taken, count);
      const length = narrow.length / count;
      for (let at = 0; at < count; at++) this.#add(row + at, narrow.subarray(at * length, (at + 1) * length));
    }
    this.#taken = end;
  }

  /** The result, once all rows have come. */
  finish(): Planes {
    this.#narrower?.release();
    this.#narrower = undefined;
    return this.#result;
  }

  /** From rows of pixels to narrow ones, of each row a channel after the other. */
  #narrow(rows: Int32Array, first: number, count: number): Uint8ClampedArray {
    const start = first * this.#width;
    if (this.#narrower) return this.#narrower.narrow(rows.subarray(start, start + count * this.#width));
    const { channels } = this.#result;
    const columns = this.#targets.length;
    const narrow = this.#narrowed.subarray(0, count * channels * columns);
    const read = channels === 1 ? narrowGrey : narrowColors;
    for (let column = 0; column < columns; column++) {
      const { first: left, weights } = this.#across.at(this.#targets[column]!);
      const from = { rows, start: first * this.#width + left, step: this.#width, weights };
      read(from, { narrow, count, columns, column });
    }
    return narrow;
  }

  /** Add a narrow row to each row of the result that it counts for. */
  #add(row: number, narrow: Uint8ClampedArray): void {
    while (this.#begun < this.#result.height && this.#down.span(this.#begun)[0] <= row) {
      const sums = (this.#unused.pop() ?? new Int32Array(narrow.length)).fill(one >> 1);
      this.#open.push({ y: this.#begun, taps: this.#down.at(this.#begun), sums });
      this.#begun++;
    }
    for (const { taps: { first, weights }, sums } of this.#open) {
      const weight = weights[row - first]!;
      addWeighted(sums, narrow, weight);
    }
    while (this.#open.length > 0 && row >= this.#lastOf(this.#open[0]!)) this.#close(this.#open.shift()!);
  }

  #lastOf({ taps: { first, weights } }: OpenRow): number {
    return first + weights.length - 1;
  }

  #close({ y, sums }: OpenRow): void {
    const { data, channels, height, width } = this.#result;
    for (let channel = 0; channel < channels; channel++) {
      const line = (channel * height + y) * width;
      const from = channel * this.#targets.length;
      for (let x = 0; x < width; x++) data[line + x] = sums[from + this.#columns[x]!]! >> 22;
    }
    this.#unused.push(sums);
  }
}

/**
 * Resize a part of a picture, antialiased when shrinking unless pixels are only picked. It computes in 8 bits, rows
 * first, as Pillow's `resize()` does, and gives the same pixels.
 *
 * @param image The picture, opaque.
 * @param target The result's height and width in pixels; the part to take; and its channels.
 */
export function resize(image: RgbaImage, target: ResizeTarget): Planes {
  const resizer = new Resizer(image, target);
  resizer.take(image.data);
  return resizer.finish();
}
