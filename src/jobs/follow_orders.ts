/// <reference lib="webworker" />
import { borrowThreads } from "../../backends/lent_threads.ts";
import { selectBackend } from "../../backends/mod.ts";
import type { JobBackend, JobOrder, JobReply } from "./orders.ts";
import { sendError } from "./sent_error.ts";

declare const self: DedicatedWorkerGlobalScope;

/** What a worker can do. */
export interface JobProgram<Setup, Prepared, Task, Answer> {
  /**
   * Start what computes, before it is said what to prepare.
   * @default {the backend that is asked for, else WebAssembly, on one thread unless told otherwise}
   */
  start?(backend: JobBackend): Promise<void>;
  /**
   * Prepare for the tasks, once.
   *
   * @param backend Resolves when the backend runs.
   * @throws What that rejects with, if it does.
   */
  prepare(setup: Setup, backend: Promise<void>): Promise<Prepared>;
  /** Do a task, until the signal drops it. */
  run(task: Task, prepared: Prepared, signal: AbortSignal): Promise<Answer>;
  /** What to answer to a task that could not be done. */
  fail(error: unknown): Answer;
  /** What of an answer is handed over rather than copied. */
  transfer?(answer: Answer): Transferable[];
  /** Told when an answer has been sent. */
  whenSent?(): void;
}

/** Each worker has one thread unless told otherwise, and no GPU unless told so: that serves one at a time. */
async function start({ backend = "auto", threads = 1 }: JobBackend): Promise<void> {
  await selectBackend({ backend: backend === "auto" ? "wasm" : backend, threads });
}

/** Do, in a worker, what its {@linkcode Pool} asks for; what fails on the way is told with each task. */
export function followOrders<Setup, Prepared, Task, Answer>(
  program: JobProgram<Setup, Prepared, Task, Answer>,
): void {
  let started: Promise<void> | undefined;
  let prepared: Promise<Prepared> | undefined;
  const underWay = new Map<number, AbortController>();

  async function answer(id: number, task: Task): Promise<Answer> {
    const stopping = new AbortController();
    underWay.set(id, stopping);
    try {
      return await program.run(task, await prepared!, stopping.signal);
    } catch (error) {
      return program.fail(error);
    } finally {
      underWay.delete(id);
    }
  }

  async function follow(order: JobOrder<Setup, Task>): Promise<void> {
    if ("start" in order) {
      borrowThreads(order.threads);
      started = (program.start ?? start)(order.start);
      started.catch(() => {}); // told with each task
    } else if ("setup" in order) {
      prepared = program.prepare(order.setup, started!);
      const outcome = await prepared.then(() => true as const, sendError); // told with each task too
      self.postMessage({ prepared: outcome } satisfies JobReply<Answer>);
    } else if ("stop" in order) {
      underWay.get(order.stop)?.abort();
    } else {
      const done = await answer(order.id, order.task);
      const reply: JobReply<Answer> = { id: order.id, answer: done };
      self.postMessage(reply, program.transfer?.(done) ?? []);
      program.whenSent?.();
    }
  }

  self.onmessage = ({ data }: MessageEvent<JobOrder<Setup, Task>>) => void follow(data);
  self.postMessage({ runs: true } satisfies JobReply<Answer>);
}
