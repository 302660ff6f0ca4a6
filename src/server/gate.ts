import { Problem } from "./problem.ts";

/** How many pieces of work there are at a gate. */
export interface GateState {
  /** Let in, and not yet done. */
  readonly running: number;
  /** Admitted, and not yet let in. */
  readonly waiting: number;
}

/** Options of {@linkcode Gate}. */
export interface GateOptions {
  /** How many run at a time. */
  readonly concurrency: number;
  /** How many more are admitted; beyond them work is refused. */
  readonly queue: number;
}

/** Lets a few pieces of work run at a time, has a few more wait in order, and refuses the rest. */
export class Gate {
  readonly #options: GateOptions;
  readonly #queue: (() => void)[] = [];
  #admitted = 0;
  #running = 0;

  /** @param options How many run and how many wait. */
  constructor(options: GateOptions) {
    this.#options = options;
  }

  /** How many pieces of work there are. */
  get state(): GateState {
    return { running: this.#running, waiting: this.#admitted - this.#running };
  }

  /**
   * Do some work that has two parts: one at once, and one when its turn comes.
   *
   * @param receive What is done while others run, such as receiving a photo.
   * @param run What only a few may do at a time.
   * @throws {Problem} 503 if too many wait already.
   */
  async pass<T, R>(receive: () => Promise<T>, run: (received: T) => Promise<R>): Promise<R> {
    const { concurrency, queue } = this.#options;
    if (this.#admitted >= concurrency + queue) {
      throw new Problem(503, `The server is busy: ${this.#admitted} photos wait: try again`, {
        "retry-after": "1",
      });
    }
    this.#admitted++;
    try {
      const received = await receive();
      await this.#enter();
      try {
        return await run(received);
      } finally {
        this.#leave();
      }
    } finally {
      this.#admitted--;
    }
  }

  /** Wait for a place. Who leaves hands the place on, so that nobody overtakes. */
  async #enter(): Promise<void> {
    if (this.#running < this.#options.concurrency) {
      this.#running++;
      return;
    }
    const turn = Promise.withResolvers<void>();
    this.#queue.push(turn.resolve);
    await turn.promise;
  }

  #leave(): void {
    const next = this.#queue.shift();
    if (next) next();
    else this.#running--;
  }
}
