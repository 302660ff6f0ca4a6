/**
 * What explains photos: the choice between workers and this thread.
 *
 * @module
 */
import { whyNoWorkers } from "../../platform/why_no_workers.ts";
import type { Engine, EngineOptions } from "./engine.ts";
import { EngineHereLater } from "./here_later.ts";
import { isOpenModel } from "./open_model.ts";
import { WorkersOrHere } from "./workers_or_here.ts";
import { workerLocation } from "./worker_location.ts";

export type * from "./engine.ts";

/** Make what explains photos. Nothing is started yet. */
export function createEngine(options: EngineOptions): Engine {
  const { models, workers, warn } = options;
  if (workers === 0 || models.values().some(isOpenModel)) return new EngineHereLater(options);
  const reason = whyNoWorkers(workerLocation);
  if (reason === undefined) return new WorkersOrHere(options);
  warn(`Photos are explained in the thread that answers: ${reason}`);
  return new EngineHereLater(options);
}
