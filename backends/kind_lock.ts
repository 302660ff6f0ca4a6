/** Somebody who waits to be let in. */
interface Waiting {
  readonly kind: string | undefined;
  readonly admit: () => void;
}

/**
 * Lets in all of one kind at once, and those of another when they have left; in the order in which they came, so that
 * nobody waits for ever.
 */
export class KindLock {
  #kind: string | undefined;
  #inside = 0;
  readonly #waiting: Waiting[] = [];

  /**
   * Be let in. Whoever is must leave, and must not enter again before.
   *
   * @param kind What can be inside together; `undefined` goes with any.
   * @param signal Ends the waiting.
   * @throws The signal's reason, if it is given before.
   */
  async enter(kind: string | undefined, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    if (this.#waiting.length === 0 && this.#fits(kind)) return this.#admit(kind);
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const waiting = { kind, admit: resolve };
    this.#waiting.push(waiting);
    const giveUp = () => {
      const at = this.#waiting.indexOf(waiting);
      if (at < 0) return; // was let in meanwhile
      this.#waiting.splice(at, 1);
      reject(signal!.reason);
      this.#admitNext(); // those behind may fit
    };
    signal?.addEventListener("abort", giveUp);
    try {
      await promise;
    } finally {
      signal?.removeEventListener("abort", giveUp);
    }
  }

  /** Leave, so that others can be let in. */
  leave(): void {
    this.#inside--;
    this.#admitNext();
  }

  #admitNext(): void {
    while (this.#waiting.length > 0 && this.#fits(this.#waiting[0]!.kind)) {
      const { kind, admit } = this.#waiting.shift()!;
      this.#admit(kind);
      admit();
    }
  }

  #fits(kind: string | undefined): boolean {
    return this.#inside === 0 || kind === undefined || kind === this.#kind;
  }

  #admit(kind: string | undefined): void {
    if (this.#inside === 0) this.#kind = kind;
    this.#inside++;
  }
}
