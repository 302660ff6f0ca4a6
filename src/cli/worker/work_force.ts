import { LastingPool } from "../../jobs/lasting_pool.ts";
import type { GradcamOptions } from "../../explain/gradcam_options.ts";
import type { ExplainableModel } from "../../split/model.ts";
import type { OpenedModel } from "../session.ts";
import { describeError } from "../describe_error.ts";
import { failure } from "./failures.ts";
import type { ThreadAnswer, ThreadSetup, ThreadTask } from "./messages.ts";
import { threadLocation } from "./thread_location.ts";
import { workOn } from "./work_on.ts";

/** What works on records, several at once. */
export interface WorkForce {
  /** How many at once. */
  readonly size: number;
  /** Work on a record; what goes wrong is an answer too. */
  workOn(task: ThreadTask): Promise<ThreadAnswer>;
  /** End it, and free the model. */
  end(): void;
}

/** How a work force is made. */
export interface WorkForceOptions {
  /** How many threads. */
  readonly jobs: number;
  /** On how many threads each of them computes. */
  readonly threads: number;
  /** Where they compute. */
  readonly backend: GradcamOptions["backend"];
  /** What each does. */
  readonly setup: Omit<ThreadSetup, "model" | "labels">;
}

/** Nothing drops what was taken. */
const never = new AbortController().signal;

/** How long a thread may go on with a record that was dropped: none is. */
const graceMs = 1000;

function inThreads(
  { labels, files }: OpenedModel,
  { jobs, threads, backend, setup }: WorkForceOptions,
): WorkForce {
  const pool = new LastingPool<ThreadSetup, ThreadTask, ThreadAnswer>({
    location: threadLocation,
    jobs,
    backend: { backend, threads },
    setup: { ...setup, model: files!.shared(), labels },
    graceMs,
  });
  return {
    size: jobs,
    async workOn(task) {
      const transfer = typeof task.photo === "string" ? [] : [task.photo.buffer];
      try {
        return await pool.do({ task, transfer }, never);
      } catch (error) { // the thread broke down: another takes its place
        return { error: failure("worker-ended", describeError(error)) };
      }
    },
    end: () => pool.close(),
  };
}

function here(model: ExplainableModel, { setup }: WorkForceOptions): WorkForce {
  let before: Promise<unknown> = Promise.resolve();
  return {
    size: 1,
    async workOn(task) {
      const answer = before.then(() => workOn(model, task, setup, never));
      before = answer.catch(() => {});
      return await answer;
    },
    end: () => model.dispose(),
  };
}

/** Threads with the model, where it can be shared with them; else this one. */
export function startWorkForce(opened: OpenedModel, options: WorkForceOptions): WorkForce {
  if (!opened.files) return here(opened.model, options);
  opened.model.dispose(); // it was opened to see whether it can be, and for its files
  return inThreads(opened, options);
}
