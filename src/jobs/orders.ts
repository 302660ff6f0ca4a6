/**
 * What a program and its workers tell each other.
 *
 * @module
 */
import type { GradcamOptions } from "../explain/gradcam_options.ts";
import type { SentError } from "./sent_error.ts";

/** Where a worker computes. */
export type JobBackend = Pick<GradcamOptions, "backend" | "threads">;

/** To a worker: start the backend, with threads that it is lent, prepare, do a task, or stop doing it. */
export type JobOrder<Setup, Task> =
  | { readonly start: JobBackend; readonly threads: readonly MessagePort[] }
  | { readonly setup: Setup }
  | { readonly id: number; readonly task: Task }
  | { readonly stop: number };

/** From a worker: it runs, it is prepared or why not, or what became of a task. */
export type JobReply<Answer> =
  | { readonly runs: true }
  | {
    readonly prepared: true | SentError;
    /** What the threads that it was lent share, where it uses them. */
    readonly shared: SharedArrayBuffer | undefined;
  }
  | { readonly id: number; readonly answer: Answer };
