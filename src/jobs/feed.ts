/** What can be gone through once, at once or as it comes: an array, a generator, a stream. */
export type Items<Item> = Iterable<Item> | AsyncIterable<Item>;

/** A promise, or the reason of a signal that is given before it is settled. */
export function orAborted<Value>(promise: Promise<Value>, signal: AbortSignal | undefined): Promise<Value> {
  if (!signal) return promise;
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason);
    if (signal.aborted) stop();
    signal.addEventListener("abort", stop, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop));
  });
}

/** Items, taken one at a time when they are asked for. */
export class Feed<Item> {
  readonly #iterator: Iterator<Item> | AsyncIterator<Item>;
  readonly #signal: AbortSignal | undefined;
  #isTaking = false;

  /**
   * @param items Where they come from.
   * @param signal Stops the waiting for the next.
   */
  constructor(items: Items<Item>, signal?: AbortSignal) {
    this.#iterator = Symbol.asyncIterator in items ? items[Symbol.asyncIterator]() : items[Symbol.iterator]();
    this.#signal = signal;
  }

  /** The next item, when it comes. */
  async next(): Promise<IteratorResult<Item>> {
    this.#isTaking = true;
    const next = Promise.try(() => this.#iterator.next()).finally(() => this.#isTaking = false);
    return await orAborted(next, this.#signal);
  }

  /** Tell the source that no more is wanted. One that is in the middle of the next item is not waited for. */
  async close(): Promise<void> {
    const closing = Promise.try(() => this.#iterator.return?.());
    if (this.#isTaking) closing.catch(() => {});
    else await closing;
  }
}
