import type { Taps } from "../filter.ts";
import { Layout, type PixelCode, restPixelCode, takePixelCode } from "./pixel_code.ts";

/** The most weights, and the widest rows in pixels, that the memory is to hold. */
const mostWeights = 2 ** 17;
const widest = 2 ** 16;

/** Bytes of a column's plan, and of the weights of two pixels. */
const planBytes = 12;
const pairBytes = 8;

/** How many bits the lower half of a weight has. */
const lowerBits = 12;

/** Options of {@linkcode Narrower}. */
export interface NarrowerOptions {
  /** Pixels of a row. */
  readonly width: number;
  /** How many rows are narrowed at a time at most. */
  readonly rowsAtOnce: number;
}

/** Narrows rows of pixels in WebAssembly: each column of the result is a weighted sum of some pixels beside each other. */
export class Narrower {
  readonly #code: PixelCode;
  readonly #width: number;
  readonly #columns: number;
  readonly #plan: number;
  readonly #rows: number;
  readonly #out: number;

  /** Whether memory can be had for so much. */
  static fits(width: number, weights: number): boolean {
    return width <= widest && weights <= mostWeights;
  }

  /**
   * @param columns What each column is made of.
   * @param options The size of what is narrowed.
   */
  constructor(columns: readonly Taps[], { width, rowsAtOnce }: NarrowerOptions) {
    const code = takePixelCode();
    const pairs = columns.map(({ weights }) => Math.ceil(weights.length / 2));
    const layout = new Layout(code);
    this.#code = code;
    this.#width = width;
    this.#columns = columns.length;
    this.#plan = layout.take(columns.length * planBytes);
    const weightsAt = layout.take(pairs.reduce((sum, count) => sum + count, 0) * pairBytes);
    this.#rows = layout.take(rowsAtOnce * width * 4);
    this.#out = layout.take(rowsAtOnce * 3 * columns.length);
    const plan = new Uint32Array(code.memory.buffer, this.#plan);
    const halves = new Int16Array(code.memory.buffer);
    let at = weightsAt;
    columns.forEach(({ first, weights }, column) => {
      plan.set([first, pairs[column]!, at], column * planBytes / 4);
      for (let tap = 0; tap < pairs[column]! * 2; tap++) {
        const weight = weights[tap] ?? 0;
        const place = (at + (tap >> 1) * pairBytes) / 2 + (tap & 1);
        halves[place] = weight >> lowerBits;
        halves[place + 2] = weight & (1 << lowerBits) - 1;
      }
      at += pairs[column]! * pairBytes;
    });
  }

  /**
   * Narrow some rows.
   *
   * @param pixels A number a pixel, of these rows.
   * @returns Of each row the reds, the greens and the blues, until the next are narrowed.
   */
  narrow(pixels: Int32Array): Uint8ClampedArray {
    const { memory } = this.#code;
    const count = pixels.length / this.#width;
    new Int32Array(memory.buffer, this.#rows, pixels.length).set(pixels);
    this.#code.narrowRows(this.#rows, count, this.#width * 4, this.#columns, this.#plan, this.#out);
    return new Uint8ClampedArray(memory.buffer, this.#out, count * 3 * this.#columns);
  }

  /** Let go of the memory. */
  release(): void {
    restPixelCode(this.#code);
  }
}
