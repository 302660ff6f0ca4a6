import { type Lending, lendThreads } from "../../backends/lent_threads.ts";
import { GradcamError } from "../base/errors.ts";
import { keepAlive } from "../platform/keep_alive.ts";
import { takeWorker } from "./begun_worker.ts";
import type { JobBackend, JobOrder, JobReply } from "./orders.ts";
import { receiveError } from "./sent_error.ts";

/** A worker's program, where it computes, and who is told when it fails. */
export interface JobWorkerOptions {
  /** Where its program is; it calls `followOrders`. */
  readonly location: URL;
  /** Where it computes. */
  readonly backend: JobBackend;
  /** Told once that it has failed, other than in a task. */
  readonly onFailure: (reason: GradcamError) => void;
}

/** A promise whose failure somebody else may be told of. */
function open<Value>(): PromiseWithResolvers<Value> {
  const opened = Promise.withResolvers<Value>();
  opened.promise.catch(() => {});
  return opened;
}

/** One worker, which begins to load what it needs as soon as it is made, and does one task at a time. */
export class JobWorker<Setup, Task, Answer> {
  readonly #worker: Worker;
  /** What it computes on besides itself. */
  readonly #threads: Lending;
  readonly #running = open<void>();
  #prepared: PromiseWithResolvers<void> | undefined;
  #task: PromiseWithResolvers<Answer> | undefined;
  #id = 0;
  #isHeard = false;
  #hasEnded = false;

  /** Start a worker. */
  constructor({ location, backend, onFailure }: JobWorkerOptions) {
    const fail = (message: string | undefined) => {
      const [reason] = message?.split("\n") ?? [];
      const error = new GradcamError(`Cannot run jobs: ${reason || "a worker ended without a word"}`);
      this.end(error);
      onFailure(error);
    };
    this.#worker = takeWorker(location, {
      message: ({ data }: MessageEvent<JobReply<Answer>>) => this.#hear(data),
      error: ({ message }) => fail(message), // not each says why
      unreadable: () => fail("what a worker sent cannot be read"),
    });
    const { threads = 1 } = backend;
    this.#threads = lendThreads(threads - 1, fail);
    const { lent } = this.#threads;
    this.#tell({ start: backend, threads: lent }, [...lent.ports]);
  }

  /** Whether it has been heard of. */
  get isRunning(): boolean {
    return this.#isHeard;
  }

  /** Whether it is ready for tasks, so that they alone take its time. */
  get isPrepared(): boolean {
    return this.#isHeard && this.#prepared === undefined;
  }

  /** Resolves when it runs. */
  get running(): Promise<void> {
    return this.#running.promise;
  }

  /**
   * Let it prepare for tasks.
   *
   * @throws Why it cannot, which is told with each task too.
   */
  prepare(setup: Setup): Promise<void> {
    this.#prepared = open();
    this.#tell({ setup });
    return this.#prepared.promise;
  }

  /**
   * Have it do a task; it must not have one.
   *
   * @param transfer What of the task is handed over rather than copied.
   * @throws If the task cannot be sent, or the worker ends.
   */
  async do(task: Task, transfer: Transferable[] = []): Promise<Answer> {
    const mine = this.#task = open();
    try {
      this.#tell({ id: ++this.#id, task }, transfer);
    } catch (error) { // it cannot be sent
      this.#task = undefined;
      this.#holdProcess();
      throw error;
    }
    return await mine.promise;
  }

  /** Ask it to stop doing its task, which it answers then. */
  stopTask(): void {
    if (this.#task) this.#tell({ stop: this.#id });
  }

  /**
   * End it, whatever it does.
   *
   * @param reason What becomes of what it has not done.
   */
  end(reason: unknown): void {
    this.#hasEnded = true;
    for (const open of [this.#running, this.#prepared, this.#task]) open?.reject(reason);
    this.#worker.terminate();
    this.#threads.end();
  }

  #tell(order: JobOrder<Setup, Task>, transfer: Transferable[] = []): void {
    this.#worker.postMessage(order, transfer);
    this.#holdProcess();
  }

  #hear(reply: JobReply<Answer>): void {
    if (this.#hasEnded) return;
    if ("runs" in reply) {
      this.#isHeard = true;
      this.#running.resolve();
    } else if ("prepared" in reply) {
      if (reply.prepared === true) this.#prepared?.resolve();
      else this.#prepared?.reject(receiveError(reply.prepared));
      this.#prepared = undefined;
    } else if (reply.id === this.#id) {
      const task = this.#task;
      this.#task = undefined;
      task?.resolve(reply.answer);
    }
    this.#holdProcess();
  }

  /** It keeps the process alive while there is something to do; whoever drops the results need not end it. */
  #holdProcess(): void {
    keepAlive(this.#worker, !this.#isHeard || this.#prepared !== undefined || this.#task !== undefined);
  }
}
