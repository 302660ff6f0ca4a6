/** Memory for what is under way: who wants more than is left waits until others have given theirs back. */
export class Room {
  readonly #most: number;
  #taken = 0;
  #freed = Promise.withResolvers<void>();

  /** @param most How many bytes there are. One that wants more than all has them when nobody else has any. */
  constructor(most: number) {
    this.#most = most;
  }

  /** Wait for some of it, and take it. */
  async take(bytes: number): Promise<void> {
    while (this.#taken > 0 && this.#taken + bytes > this.#most) await this.#freed.promise;
    this.#taken += bytes;
  }

  /** Give it back. */
  give(bytes: number): void {
    this.#taken -= bytes;
    this.#freed.resolve();
    this.#freed = Promise.withResolvers();
  }
}
