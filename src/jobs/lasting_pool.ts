import { GradcamError } from "../base/errors.ts";
import { JobWorker } from "./job_worker.ts";
import type { JobBackend } from "./orders.ts";

/** Options of {@linkcode LastingPool}. */
export interface LastingPoolOptions<Setup> {
  /** Where the workers' program is; it calls `followOrders`. */
  readonly location: URL;
  /** How many workers. */
  readonly jobs: number;
  /** Where they compute. */
  readonly backend: JobBackend;
  /** What each prepares for its tasks. */
  readonly setup: Setup;
  /** How long a worker may go on with a task that was dropped before it is ended, in milliseconds. */
  readonly graceMs: number;
}

/** A worker's place in the pool, which another takes when it has ended. */
interface Place<Setup, Task, Answer> {
  /** None where the last could not be started: the next task tries again. */
  worker: JobWorker<Setup, Task, Answer> | undefined;
}

/** A task, and what of it is handed over rather than copied. */
export interface LastingTask<Task> {
  readonly task: Task;
  readonly transfer?: Transferable[];
}

/**
 * Workers that do tasks for as long as a service runs, each one at a time. A task can be dropped at any time: a worker that
 * does not stop by itself is ended, and one that ends, for whatever reason, is replaced.
 */
export class LastingPool<Setup, Task, Answer> {
  readonly #options: LastingPoolOptions<Setup>;
  readonly #places: Place<Setup, Task, Answer>[];
  readonly #idle: Place<Setup, Task, Answer>[];
  readonly #waiting = new Set<PromiseWithResolvers<Place<Setup, Task, Answer>>>();
  readonly #prepared = Promise.withResolvers<void>();
  #hasStartedAll = false;
  #replaced = 0;
  #end: { readonly reason: unknown } | undefined;

  /** Start a worker. The others, which would only hold it up, are started when it has done a task, or there are more. */
  constructor(options: LastingPoolOptions<Setup>) {
    this.#options = options;
    this.#places = Array.from({ length: options.jobs }, () => ({ worker: undefined }));
    this.#idle = this.#places.toReversed(); // the last is taken first
    const [first] = this.#places;
    first!.worker = this.#start(first!, this.#prepared.resolve);
  }

  /** How many workers were ended and replaced. */
  get replaced(): number {
    return this.#replaced;
  }

  /**
   * Resolves when the first worker runs.
   *
   * @throws {GradcamError} If it cannot be started.
   */
  async running(): Promise<void> {
    const [first] = this.#places;
    await (first!.worker ??= this.#start(first!)).running;
  }

  /** Resolves when the first worker is prepared, or cannot be: then each task says why. */
  get prepared(): Promise<void> {
    return this.#prepared.promise;
  }

  /**
   * Have a task done by the next worker that is free.
   *
   * @param given The task.
   * @param signal Drops it.
   * @throws The signal's reason, or why a worker failed, other than in a task.
   */
  async do(given: LastingTask<Task>, signal: AbortSignal): Promise<Answer> {
    return await this.#have(await this.#take(signal), given, signal);
  }

  /** End all workers; what they do is dropped. */
  close(): void {
    const reason = new GradcamError("Cannot do the task: the workers are ended");
    this.#end = { reason };
    for (const waiting of this.#waiting) waiting.reject(reason);
    this.#waiting.clear();
    for (const { worker } of this.#places) worker?.end(reason);
  }

  #start(place: Place<Setup, Task, Answer>, whenPrepared = () => {}): JobWorker<Setup, Task, Answer> {
    const { location, backend, setup } = this.#options;
    const worker = new JobWorker<Setup, Task, Answer>({
      location,
      backend,
      onFailure: () => this.#replace(place, worker),
    });
    worker.prepare(setup).then(whenPrepared, whenPrepared); // what is wrong is told with each task
    return worker;
  }

  /** Start the workers that no task has needed so far. */
  #startAll(): void {
    if (this.#end || this.#hasStartedAll) return;
    this.#hasStartedAll = true;
    for (const place of this.#places) place.worker ??= this.#start(place);
  }

  /** Put a new worker in the place of one that has ended: at once, or if that could not even be started, for the next task. */
  #replace(place: Place<Setup, Task, Answer>, ended: JobWorker<Setup, Task, Answer>): void {
    if (this.#end || place.worker !== ended) return;
    this.#replaced++;
    place.worker = ended.isRunning ? this.#start(place) : undefined;
  }

  async #take(signal: AbortSignal): Promise<Place<Setup, Task, Answer>> {
    signal.throwIfAborted();
    if (this.#end) throw this.#end.reason;
    const idle = this.#idle.pop();
    if (idle) return idle;
    const waiting = Promise.withResolvers<Place<Setup, Task, Answer>>();
    const giveUp = () => {
      if (this.#waiting.delete(waiting)) waiting.reject(signal.reason);
    };
    this.#waiting.add(waiting);
    signal.addEventListener("abort", giveUp, { once: true });
    try {
      return await waiting.promise;
    } finally {
      signal.removeEventListener("abort", giveUp);
    }
  }

  #give(place: Place<Setup, Task, Answer>): void {
    const [next] = this.#waiting;
    if (!next) {
      this.#idle.push(place);
      return;
    }
    this.#waiting.delete(next);
    next.resolve(place);
  }

  /**
   * Have a worker do a task. When that is dropped, it has some time to stop, and is ended and replaced after it; but not while
   * it prepares, since its successor would have to begin anew.
   */
  async #have(
    place: Place<Setup, Task, Answer>,
    { task, transfer }: LastingTask<Task>,
    signal: AbortSignal,
  ): Promise<Answer> {
    const worker = place.worker ??= this.#start(place);
    const dropped = Promise.withResolvers<never>();
    let grace: ReturnType<typeof setTimeout> | undefined;
    const drop = () => {
      worker.stopTask();
      if (!worker.isPrepared) return dropped.reject(signal.reason);
      grace = setTimeout(() => {
        worker.end(signal.reason);
        this.#replace(place, worker);
      }, this.#options.graceMs);
    };
    signal.addEventListener("abort", drop, { once: true });
    const answer = worker.do(task, transfer).finally(() => {
      clearTimeout(grace);
      signal.removeEventListener("abort", drop);
      this.#give(place);
      this.#startAll();
    });
    const given = await Promise.race([answer, dropped.promise]);
    signal.throwIfAborted(); // what a dropped task gives nobody wants
    return given;
  }
}
