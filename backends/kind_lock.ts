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
   */
  async enter(kind: string | undefined): Promise<void> {
    if (this.#waiting.length === 0 && this.#fits(kind)) return this.#admit(kind);
    await new Promise<void>((resolve) => {
      this.#waiting.push({ kind, admit: resolve });
    });
  }

  /** Leave, so that others can be let in. */
  leave(): void {
    this.#inside--;
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
    if (this.#inside === 0 || this.#kind === undefined) this.#kind = kind;
    this.#inside++;
  }
}
