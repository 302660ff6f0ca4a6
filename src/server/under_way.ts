import { Problem } from "./problem.ts";

/** A request that is being answered. */
export interface WorkUnderWay {
  /** Aborted when its client leaves, or when it is cut. */
  readonly signal: AbortSignal;
  /** Say that it has been answered. */
  end(this: void): void;
}

/** Why a service takes no work any more. */
function drainingProblem(): Problem {
  return new Problem(503, "The server is about to end: try again", { "retry-after": "1" }, "draining");
}

/** Knows which requests are being answered, so that a service ends without losing one. */
export class UnderWay {
  readonly #work = new Set<AbortController>();
  readonly #idle = Promise.withResolvers<void>();
  #isDraining = false;

  /** How many requests are being answered. */
  get count(): number {
    return this.#work.size;
  }

  /** Whether new work is refused. */
  get isDraining(): boolean {
    return this.#isDraining;
  }

  /** Count a request in. Its signal follows that of its client. */
  begin(client: AbortSignal): WorkUnderWay {
    const work = new AbortController();
    const leave = () => work.abort(client.reason);
    if (client.aborted) leave();
    else client.addEventListener("abort", leave, { once: true });
    this.#work.add(work);
    const end = () => {
      client.removeEventListener("abort", leave);
      if (this.#work.delete(work)) this.#checkIdle();
    };
    return { signal: work.signal, end };
  }

  /**
   * To be called before work is begun.
   *
   * @throws {Problem} 503 while draining.
   */
  checkOpen(): void {
    if (this.#isDraining) throw drainingProblem();
  }

  /**
   * Take no new work, and wait until what is under way has been answered.
   *
   * @param timeoutMs After how many milliseconds what is still under way is cut; never if left out.
   */
  async drain(timeoutMs?: number): Promise<void> {
    this.#isDraining = true;
    this.#checkIdle();
    if (timeoutMs === undefined) return await this.#idle.promise;
    const timer = setTimeout(() => this.#cut(), timeoutMs);
    await this.#idle.promise;
    clearTimeout(timer);
  }

  #cut(): void {
    for (const work of this.#work) work.abort(drainingProblem());
  }

  #checkIdle(): void {
    if (this.#isDraining && this.#work.size === 0) this.#idle.resolve();
  }
}
