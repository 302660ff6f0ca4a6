import { randomNumbers } from "../../explain/random.ts";

/** Photos drawn anew, again and again: the same for all that is computed of as many photos. */
export class Draws {
  /** How many times they are drawn. */
  readonly resamples: number;
  readonly #seed: number;
  readonly #drawn = new Map<number, Uint32Array>();
  readonly #signs = new Map<number, Int8Array>();

  /**
   * @param seed Where random numbers begin.
   * @param resamples How many times photos are drawn, and signs are flipped.
   */
  constructor(seed: number, resamples: number) {
    this.#seed = seed;
    this.resamples = resamples;
  }

  /** `resamples` times `count` numbers from 0 to below `count`. */
  of(count: number): Uint32Array {
    const known = this.#drawn.get(count);
    if (known) return known;
    const next = randomNumbers(this.#seed, `photos drawn of ${count}`);
    const drawn = new Uint32Array(this.resamples * count).map(() => Math.floor(next() * count));
    this.#drawn.set(count, drawn);
    return drawn;
  }

  /** `times` times `count` signs, 1 or −1. */
  signs(count: number, times: number): Int8Array {
    const known = this.#signs.get(count);
    if (known) return known;
    const next = randomNumbers(this.#seed, `signs of ${count}`);
    const signs = new Int8Array(times * count).map(() => next() < 0.5 ? -1 : 1);
    this.#signs.set(count, signs);
    return signs;
  }
}
