/**
 * What explains photos: the choice between workers and this thread.
 *
 * @module
 */
import type { GradcamOptions } from "../../explain/gradcam_options.ts";
import { whyNoWorkers } from "../../platform/why_no_workers.ts";
import type { ServedModel } from "../options.ts";
import type { Engine, ExplainTask } from "./engine.ts";
import { EngineHere } from "./here.ts";
import { isOpenModel } from "./opened_models.ts";
import { WorkersOrHere } from "./workers_or_here.ts";
import { workerLocation } from "./worker_location.ts";

export type * from "./engine.ts";

/** What an engine is made of. */
export interface EngineOptions extends Pick<GradcamOptions, "backend" | "threads"> {
  /** Where the models are, by their ids. */
  readonly models: ReadonlyMap<string, ServedModel>;
  /** How many workers are wanted. */
  readonly workers: number;
  /** How many photos are explained at a time where there are none. */
  readonly concurrency: number;
  /** What a photo is explained with where a request does not say: models are tried with it when they have been opened. */
  readonly trial: ExplainTask["options"];
  /** Told, once, why there are no workers where some were wanted. */
  readonly warn: (message: string) => void;
}

/** Make what explains photos. Nothing is started yet. */
export function createEngine(options: EngineOptions): Engine {
  const { models, workers, warn } = options;
  if (workers === 0 || models.values().some(isOpenModel)) return new EngineHere(options);
  const reason = whyNoWorkers(workerLocation);
  if (reason === undefined) return new WorkersOrHere(options);
  warn(`Photos are explained in the thread that answers: ${reason}`);
  return new EngineHere(options);
}
