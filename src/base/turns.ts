/** After how long others have a turn where nothing else is said, in milliseconds. */
const longest = 150;

/** The turn that was asked for last. */
let asked: Promise<unknown> = Promise.resolve();

/** A turn of others. Each is given by itself, so that much work at once does not take as long between two of them. */
function giveTurn(): Promise<unknown> {
  asked = asked.then(() => new Promise((resolve) => setTimeout(resolve)));
  return asked;
}

/**
 * Lets others have a turn in the middle of long work: timers, signals and requests are seen to between two steps once
 * the last turn is a while ago. A turn costs a millisecond or more, so that it is not given after every step.
 */
export class Turns {
  readonly #signal: AbortSignal | undefined;
  readonly #longestMs: number;
  #last = performance.now();

  /**
   * @param signal Stops the work.
   * @param longestMs After how long others have a turn, in milliseconds.
   */
  constructor(signal?: AbortSignal, longestMs: number = longest) {
    this.#signal = signal;
    this.#longestMs = longestMs;
  }

  /**
   * To be awaited between two steps.
   *
   * @throws The signal's reason, once it is given.
   */
  async next(): Promise<void> {
    if (performance.now() - this.#last > this.#longestMs) {
      await giveTurn();
      this.#last = performance.now();
    }
    this.#signal?.throwIfAborted();
  }
}
