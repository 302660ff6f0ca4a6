/** Measures how long the parts of something take, in milliseconds. */
export class Stopwatch {
  readonly #times: Record<string, number> = {};
  readonly #start = performance.now();
  #last = this.#start;

  /**
   * A part has ended.
   *
   * @param name What to call it.
   * @param at When it did, as `performance.now()` gives it; now if left out.
   */
  lap(name: string, at: number = performance.now()): void {
    this.#times[name] = at - this.#last;
    this.#last = at;
  }

  /** How long each part took, and all of them together until now. */
  get times(): Record<string, number> {
    return { ...this.#times, total: performance.now() - this.#start };
  }
}
