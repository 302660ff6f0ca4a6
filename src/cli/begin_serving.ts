import { beginWorker, dropWorker } from "../jobs/begun_worker.ts";
import { whyNoWorkers } from "../platform/why_no_workers.ts";
import { workerLocation } from "../server/engine/worker_location.ts";

/**
 * Begin the first worker of `gradcam serve`, or end it if it was begun and none is wanted. It loads what explains while this
 * thread loads what answers.
 *
 * @param workers How many workers are wanted.
 */
export function beginServing(workers: number): void {
  if (workers > 0 && whyNoWorkers(workerLocation) === undefined) beginWorker(workerLocation);
  else endServing();
}

/** End what was begun and that nobody has taken. */
export function endServing(): void {
  dropWorker(workerLocation);
}

/** Likewise, before the command line is understood: that takes as long to load as a worker takes to start. */
export function beginIfServing(args: readonly string[]): void {
  if (args[0] === "serve" && !/--workers[= ]0+( |$)/.test(args.join(" "))) beginServing(1);
}
