/** After how long others have a turn, in milliseconds. */
const longest = 150;

/**
 * Lets others have a turn in the middle of long work: timers, signals and requests are seen to between two steps once
 * the last turn is a while ago. A turn costs a millisecond or more, so that it is not given after every step.
 */
export class Turns {
  readonly #signal: AbortSignal | undefined;
  #last = performance.now();

  /** @param signal Stops the work. */
  constructor(signal?: AbortSignal) {
    this.#signal = signal;
  }

  /**
   * To be awaited between two steps.
   *
   * @throws The signal's reason, once it is given.
   */
  async next(): Promise<void> {
    if (performance.now() - this.#last > longest) {
      await new Promise((resolve) => setTimeout(resolve));
      this.#last = performance.now();
    }
    this.#signal?.throwIfAborted();
  }
}
