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
  /** How many run at a time, now. */
  readonly concurrency: () => number;
  /** How many more wait; beyond them work is refused. */
  readonly queue: number;
}

/** Work that waits for its turn. */
interface Waiting {
  readonly turn: PromiseWithResolvers<void>;
}

/** Lets a few pieces of work run at a time, has a few more wait in order, and refuses the rest. */
export class Gate {
  readonly #options: GateOptions;
  readonly #queue = new Set<Waiting>();
  readonly #last = new Set<Waiting>();
  #running = 0;

  /** @param options How many run and how many wait. */
  constructor(options: GateOptions) {
    this.#options = options;
  }

  /** How many pieces of work there are. */
  get state(): GateState {
    return { running: this.#running, waiting: this.#queue.size + this.#last.size };
  }

  /**
   * Refuse what there will be no place for, such as before its body is received.
   *
   * @throws {Problem} 503 if too many wait already.
   */
  checkPlace(): void {
    const { concurrency, queue } = this.#options;
    if (this.#running < concurrency() || this.#queue.size < queue) return;
    throw new Problem(503, `The server is busy: ${this.#running + this.#queue.size} photos wait: try again`, {
      "retry-after": "1",
    });
  }

  /**
   * Do some work when its turn comes.
   *
   * @param run The work.
   * @param signal Gives the place in the queue up.
   * @throws {Problem} 503 if too many wait already.
   * @throws The signal's reason, when it is given while the work waits.
   */
  async pass<Result>(run: () => Promise<Result>, signal: AbortSignal): Promise<Result> {
    this.checkPlace();
    return await this.#pass(run, signal, this.#queue);
  }

  /**
   * Do some work that nobody may want any more, when nothing else waits. It takes no place in the queue.
   *
   * @param run The work.
   * @param signal Gives it up.
   * @throws The signal's reason, or that of {@linkcode dropLast}.
   */
  async passLast<Result>(run: () => Promise<Result>, signal: AbortSignal): Promise<Result> {
    return await this.#pass(run, signal, this.#last);
  }

  /** Give up what waits to be done last. */
  dropLast(reason: Error): void {
    for (const { turn } of this.#last) turn.reject(reason);
    this.#last.clear();
  }

  async #pass<Result>(
    run: () => Promise<Result>,
    signal: AbortSignal,
    queue: Set<Waiting>,
  ): Promise<Result> {
    await this.#enter(signal, queue);
    try {
      return await run();
    } finally {
      this.#leave();
    }
  }

  /** Wait for a place. Who leaves hands the place on, so that nobody overtakes. */
  async #enter(signal: AbortSignal, queue: Set<Waiting>): Promise<void> {
    signal.throwIfAborted();
    if (this.#running < this.#options.concurrency()) {
      this.#running++;
      return;
    }
    const waiting = { turn: Promise.withResolvers<void>() };
    const giveUp = () => {
      if (queue.delete(waiting)) waiting.turn.reject(signal.reason);
    };
    queue.add(waiting);
    signal.addEventListener("abort", giveUp, { once: true });
    try {
      await waiting.turn.promise;
    } finally {
      signal.removeEventListener("abort", giveUp);
    }
  }

  #leave(): void {
    const queue = this.#queue.size > 0 ? this.#queue : this.#last;
    const [next] = queue;
    if (!next) {
      this.#running--;
      return;
    }
    queue.delete(next);
    next.turn.resolve();
  }
}
