import { bicubic } from "./interpolations/bicubic.ts";
import type { Interpolation } from "./interpolations/interpolation.ts";

/** Weights are whole numbers of this fraction, as in the reference, so that results agree to the last bit. */
export const one = 1 << 22;

/** The most weights that are kept; those of more are worked out again when they are needed. */
const mostKept = 2 ** 20;

/** What one pixel of the result is made of. */
export interface Taps {
  /** The first pixel of the source that counts. */
  readonly first: number;
  /** The weights from there on. */
  readonly weights: Int32Array;
}

/** What a direction is resized from and to. */
export interface FilterOptions {
  /** Where the part begins that is taken, in pixels of the source. */
  readonly start: number;
  /** How long it is, likewise. */
  readonly length: number;
  /** Pixels of the result. */
  readonly to: number;
  /**
   * How pixels are made of pixels.
   * @default {bicubic}
   */
  readonly interpolation?: Interpolation | undefined;
}

/** The pixels in which the middles of those of the result lie, added up from the first on, as the reference does. */
function pick(from: number, { start, length, to }: FilterOptions): Int32Array {
  const scale = length / to;
  let middle = start + scale * 0.5;
  return Int32Array.from({ length: to }, () => {
    const at = Math.min(Math.trunc(middle), from - 1);
    middle += scale;
    return at;
  });
}

/** The weights of one direction: the filter is widened when shrinking, which keeps fine patterns from aliasing. */
export class Filter {
  readonly #from: number;
  readonly #start: number;
  readonly #scale: number;
  readonly #stretch: number;
  /** How far the filter reaches on either side, in pixels of the source. */
  readonly #reach: number;
  /** Of each pixel of the result the one of the source that it is, where pixels are only picked. */
  readonly #picked: Int32Array | undefined;
  readonly #weigh: Interpolation["weigh"];
  readonly #kept: (Taps | undefined)[] | undefined;
  /** Room for weights before they are made whole numbers. */
  #exact = new Float64Array();

  /**
   * @param from Pixels of the source.
   * @param options Which part of them, and what of it becomes.
   */
  constructor(from: number, { start, length, to, interpolation = bicubic }: FilterOptions) {
    this.#from = from;
    this.#start = start;
    this.#scale = length / to;
    this.#stretch = interpolation.isPicking ? 1 : Math.max(this.#scale, 1);
    this.#reach = interpolation.reach * this.#stretch;
    this.#weigh = interpolation.weigh;
    const weights = Math.min(this.#reach * 2 + 1, from) * to;
    this.#kept = weights > mostKept ? undefined : [];
    this.#picked = interpolation.isPicking && pick(from, { start, length, to });
  }

  /** Whether the result has more pixels than the part, so that some may be made of the same ones. */
  get isEnlarging(): boolean {
    return this.#scale < 1;
  }

  /** The most pixels of the source that count for one of the result. */
  get most(): number {
    return Math.min(Math.ceil(this.#reach * 2) + 1, this.#from);
  }

  /** Which pixels of the source count for one of the result, from the first to before the end. */
  span(target: number): readonly [first: number, end: number] {
    const centre = this.#centre(target);
    if (this.#picked) {
      const at = this.#picked[target]!;
      return [at, at + 1];
    }
    const first = Math.max(Math.trunc(centre - this.#reach + 0.5), 0);
    return [first, Math.min(Math.trunc(centre + this.#reach + 0.5), this.#from)];
  }

  /** The weights of those pixels. */
  at(target: number): Taps {
    const kept = this.#kept?.[target];
    if (kept) return kept;
    const taps = this.#workOut(target);
    if (this.#kept) this.#kept[target] = taps;
    return taps;
  }

  #centre(target: number): number {
    return this.#start + (target + 0.5) * this.#scale;
  }

  #workOut(target: number): Taps {
    const [first, end] = this.span(target);
    const centre = this.#centre(target);
    const count = Math.max(end - first, 0);
    if (this.#exact.length < count) this.#exact = new Float64Array(count);
    const exact = this.#exact;
    let sum = 0;
    for (let tap = 0; tap < count; tap++) {
      sum += exact[tap] = this.#weigh((tap + first - centre + 0.5) / this.#stretch);
    }
    const weights = new Int32Array(count);
    for (let tap = 0; tap < count; tap++) {
      const scaled = exact[tap]! / sum * one;
      weights[tap] = Math.trunc(scaled < 0 ? scaled - 0.5 : scaled + 0.5);
    }
    return { first, weights };
  }
}

/** Whether two pixels of a result are made of the same pixels in the same way. */
export function areSame(a: Taps, b: Taps): boolean {
  return a.first === b.first && a.weights.length === b.weights.length &&
    a.weights.every((weight, tap) => weight === b.weights[tap]);
}
