/** How far the filter reaches on either side, in pixels of the smaller picture. */
const reach = 2;

/** Weights are whole numbers of this fraction, as in the reference, so that results agree to the last bit. */
export const one = 1 << 22;

/** The most weights that are kept; those of more are worked out again when they are needed. */
const mostKept = 2 ** 20;

/** The cubic convolution filter with a = −0.5 (Keys, 1981). */
function bicubic(distance: number): number {
  const a = -0.5;
  const x = Math.abs(distance);
  if (x < 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
  if (x < 2) return (((x - 5) * x + 8) * x - 4) * a;
  return 0;
}

/** What one pixel of the result is made of. */
export interface Taps {
  /** The first pixel of the source that counts. */
  readonly first: number;
  /** The weights from there on. */
  readonly weights: Int32Array;
}

/** The weights of one direction: the filter is widened when shrinking, which keeps fine patterns from aliasing. */
export class Filter {
  readonly #from: number;
  readonly #start: number;
  readonly #scale: number;
  readonly #stretch: number;
  readonly #kept: (Taps | undefined)[] | undefined;
  /** Room for weights before they are made whole numbers. */
  #exact = new Float64Array();

  /**
   * @param from Pixels of the source.
   * @param part Where the part begins that is taken, and how long it is.
   * @param to Pixels of the result.
   */
  constructor(from: number, part: { readonly start: number; readonly length: number }, readonly to: number) {
    this.#from = from;
    this.#start = part.start;
    this.#scale = part.length / to;
    this.#stretch = Math.max(this.#scale, 1);
    const weights = Math.min(reach * this.#stretch * 2 + 1, from) * to;
    this.#kept = weights > mostKept ? undefined : [];
  }

  /** Whether the result has more pixels than the part, so that some may be made of the same ones. */
  get isEnlarging(): boolean {
    return this.#scale < 1;
  }

  /** The most pixels of the source that count for one of the result. */
  get most(): number {
    return Math.min(Math.ceil(reach * this.#stretch * 2) + 1, this.#from);
  }

  /** Which pixels of the source count for one of the result, from the first to before the end. */
  span(target: number): readonly [first: number, end: number] {
    const centre = this.#centre(target);
    const support = reach * this.#stretch;
    const first = Math.max(Math.trunc(centre - support + 0.5), 0);
    return [first, Math.min(Math.trunc(centre + support + 0.5), this.#from)];
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
      sum += exact[tap] = bicubic((tap + first - centre + 0.5) / this.#stretch);
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
