/**
 * What a program and its workers tell each other.
 *
 * @module
 */
import type { LentThreads } from "../../backends/lent_threads.ts";
import type { GradcamOptions } from "../explain/gradcam_options.ts";
import type { SentError } from "./sent_error.ts";

/** Where a worker computes. */
export type JobBackend = Pick<GradcamOptions, "backend" | "threads">;

/** To a worker: start the backend, with threads that it is lent, prepare, do a task, or stop doing it. */
export type JobOrder<Setup, Task> =
  | { readonly start: JobBackend; readonly threads: LentThreads }
  | { readonly setup: Setup }
  | { readonly id: number; readonly task: Task }
  | { readonly stop: number };

/** From a worker: it runs, it is prepared or why not, or what became of a task. */
export type JobReply<Answer> =
  | { readonly runs: true }
  | { readonly prepared: true | SentError }
  | { readonly id: number; readonly answer: Answer };
