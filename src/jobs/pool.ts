import { GradcamError } from "../base/errors.ts";
import { JobWorker } from "./job_worker.ts";
import type { JobBackend } from "./orders.ts";

/** A task that waits for a worker, or that one does. */
interface OpenTask<Task, Answer> extends PromiseWithResolvers<Answer> {
  readonly task: Task;
  readonly transfer: Transferable[];
}

/** Options of {@linkcode Pool}. */
export interface PoolOptions {
  /** Where the workers' program is; it calls `followOrders`. */
  readonly location: URL;
  /** How many workers. */
  readonly jobs: number;
  /** Where they compute. */
  readonly backend: JobBackend;
}

/**
 * Workers that do tasks, each one at a time. They begin to load what they need as soon as they are made; what to
 * prepare comes with the set-up. When one fails, all end.
 */
export class Pool<Setup, Task, Answer> {
  readonly #workers: readonly JobWorker<Setup, Task, Answer>[];
  /** Those that have nothing to do. */
  readonly #idle: JobWorker<Setup, Task, Answer>[];
  /** Tasks that no worker has yet. */
  readonly #waiting: OpenTask<Task, Answer>[] = [];
  /** Tasks that a worker does. */
  readonly #underWay = new Set<OpenTask<Task, Answer>>();
  readonly #running: Promise<void>;
  /** Why no task is done any more. */
  #end: { readonly reason: unknown } | undefined;

  /** Start workers. */
  constructor({ location, jobs, backend }: PoolOptions) {
    const onFailure = (reason: GradcamError) => this.stop(reason);
    this.#workers = Array.from({ length: jobs }, () => new JobWorker({ location, backend, onFailure }));
    this.#idle = [...this.#workers];
    this.#running = Promise.all(this.#workers.map(({ running }) => running)).then(() => {});
    this.#running.catch(() => {}); // not every caller waits for it
  }

  /**
   * Resolves when all workers run.
   *
   * @throws {GradcamError} If one cannot be started.
   */
  get running(): Promise<void> {
    return this.#running;
  }

  /**
   * Let all workers prepare for the tasks, once. What goes wrong is told with each task too, so that it need not be waited
   * for.
   *
   * @throws Why the first of those that cannot cannot.
   */
  prepare(setup: Setup): Promise<void> {
    const prepared = Promise.all(this.#workers.map((worker) => worker.prepare(setup))).then(() => {});
    prepared.catch(() => {}); // not every caller waits for it
    return prepared;
  }

  /**
   * Have a task done by the next worker that is free.
   *
   * @param transfer What of it is handed over rather than copied.
   * @throws {GradcamError} If a worker fails, other than in a task.
   */
  async do(task: Task, transfer: Transferable[] = []): Promise<Answer> {
    const open = { task, transfer, ...Promise.withResolvers<Answer>() };
    if (this.#end) throw this.#end.reason;
    const worker = this.#idle.pop();
    if (worker) void this.#give(worker, open);
    else this.#waiting.push(open);
    return await open.promise;
  }

  /** Wait for what is under way, and end the workers. */
  async finish(): Promise<void> {
    const underWay = [...this.#underWay].map(({ promise }) => promise);
    this.#end ??= { reason: new GradcamError("Cannot do the task: the workers are ended") };
    for (const { reject } of this.#waiting.splice(0)) reject(this.#end.reason);
    await Promise.allSettled(underWay);
    this.stop(this.#end.reason);
  }

  /**
   * Ask the workers to stop what they do, and end those that have not begun; those that have answer soon.
   *
   * @param reason What becomes of the tasks that are not done.
   */
  interrupt(reason: unknown): void {
    this.#end ??= { reason };
    for (const { reject } of this.#waiting.splice(0)) reject(reason);
    for (const worker of this.#workers) worker.isPrepared ? worker.stopTask() : worker.end(reason);
  }

  /**
   * End the workers, whatever they do.
   *
   * @param reason What becomes of the tasks that are not done.
   */
  stop(reason: unknown): void {
    this.#end ??= { reason };
    for (const { reject } of this.#waiting.splice(0)) reject(reason);
    for (const worker of this.#workers) worker.end(reason);
  }

  /** Have a worker do a task, and then what waits. */
  async #give(worker: JobWorker<Setup, Task, Answer>, open: OpenTask<Task, Answer>): Promise<void> {
    this.#underWay.add(open);
    try {
      open.resolve(await worker.do(open.task, open.transfer));
    } catch (error) {
      open.reject(error);
    }
    this.#underWay.delete(open);
    if (this.#end) return;
    const next = this.#waiting.shift();
    if (next) void this.#give(worker, next);
    else this.#idle.push(worker);
  }
}
