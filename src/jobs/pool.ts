import { GradcamError } from "../base/errors.ts";
import { keepAlive } from "../platform/keep_alive.ts";
import type { JobBackend, JobOrder, JobReply } from "./orders.ts";
import { receiveError } from "./sent_error.ts";

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
 * prepare comes with the set-up.
 */
export class Pool<Setup, Task, Answer> {
  readonly #workers: readonly Worker[];
  /** Those that have nothing to do. */
  readonly #idle: Worker[];
  /** Tasks that no worker has yet. */
  readonly #waiting: OpenTask<Task, Answer>[] = [];
  /** Tasks that a worker does, by their number. */
  readonly #underWay = new Map<number, OpenTask<Task, Answer>>();
  readonly #running = Promise.withResolvers<void>();
  readonly #prepared = Promise.withResolvers<void>();
  #unheard: number;
  #unprepared = 0;
  #next = 0;
  /** Why no task is done any more. */
  #end: { readonly reason: unknown } | undefined;

  /** Start workers. */
  constructor({ location, jobs, backend }: PoolOptions) {
    this.#unheard = jobs;
    this.#running.promise.catch(() => {}); // not every caller waits for it
    this.#prepared.promise.catch(() => {}); // likewise
    this.#workers = Array.from({ length: jobs }, () => this.#start(location, backend));
    this.#idle = [...this.#workers];
  }

  /**
   * Resolves when all workers run.
   *
   * @throws {GradcamError} If one cannot be started.
   */
  get running(): Promise<void> {
    return this.#running.promise;
  }

  /**
   * Let all workers prepare for the tasks, once. What goes wrong is told with each task too, so that it need not be waited
   * for.
   *
   * @throws Why the first of those that cannot cannot.
   */
  prepare(setup: Setup): Promise<void> {
    this.#unprepared = this.#workers.length;
    for (const worker of this.#workers) this.#tell(worker, { setup });
    this.#holdProcess();
    return this.#prepared.promise;
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
    if (worker) this.#give(worker, open);
    else this.#waiting.push(open);
    return await open.promise;
  }

  /** Wait for what is under way, and end the workers. */
  async finish(): Promise<void> {
    const underWay = [...this.#underWay.values()].map(({ promise }) => promise);
    this.#end ??= { reason: new GradcamError("Cannot do the task: the workers are ended") };
    for (const { reject } of this.#waiting.splice(0)) reject(this.#end.reason);
    await Promise.allSettled(underWay);
    this.stop(this.#end.reason);
  }

  /**
   * End the workers, whatever they do.
   *
   * @param reason What becomes of the tasks that are not done.
   */
  stop(reason: unknown): void {
    this.#end ??= { reason };
    this.#running.reject(reason);
    this.#prepared.reject(reason);
    for (const { reject } of [...this.#underWay.values(), ...this.#waiting.splice(0)]) reject(reason);
    this.#underWay.clear();
    for (const worker of this.#workers) worker.terminate();
  }

  #start(location: URL, backend: JobBackend): Worker {
    const worker = new Worker(location, { type: "module" });
    worker.onmessage = ({ data }: MessageEvent<JobReply<Answer>>) => this.#hear(worker, data);
    worker.onerror = (event) => {
      event.preventDefault();
      this.#fail(event.message);
    };
    worker.onmessageerror = () => this.#fail("what a worker sent cannot be read");
    this.#tell(worker, { start: backend });
    return worker;
  }

  #tell(worker: Worker, order: JobOrder<Setup, Task>, transfer: Transferable[] = []): void {
    worker.postMessage(order, transfer);
  }

  /** A worker has failed; not each says why. */
  #fail(message: string | undefined): void {
    const [reason] = message?.split("\n") ?? [];
    this.stop(new GradcamError(`Cannot run jobs: ${reason || "a worker ended without a word"}`));
  }

  #hear(worker: Worker, reply: JobReply<Answer>): void {
    if ("runs" in reply) {
      if (--this.#unheard === 0) this.#running.resolve();
    } else if ("prepared" in reply) {
      if (reply.prepared !== true) this.#prepared.reject(receiveError(reply.prepared));
      if (--this.#unprepared === 0) this.#prepared.resolve();
    } else {
      this.#underWay.get(reply.id)?.resolve(reply.answer);
      this.#underWay.delete(reply.id);
      const next = this.#waiting.shift();
      if (next) this.#give(worker, next);
      else this.#idle.push(worker);
    }
    this.#holdProcess();
  }

  /** The workers keep the process alive while there is something to do; whoever drops the results need not end them. */
  #holdProcess(): void {
    const isNeeded = this.#unheard > 0 || this.#unprepared > 0 || this.#underWay.size > 0;
    for (const worker of this.#workers) keepAlive(worker, isNeeded);
  }

  #give(worker: Worker, open: OpenTask<Task, Answer>): void {
    const id = this.#next++;
    this.#underWay.set(id, open);
    this.#holdProcess();
    try {
      this.#tell(worker, { id, task: open.task }, open.transfer);
    } catch (error) { // it cannot be sent
      this.#underWay.delete(id);
      this.#idle.push(worker);
      open.reject(error);
    }
  }
}
