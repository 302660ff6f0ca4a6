/**
 * What explains photos: the choice between workers and this thread.
 *
 * @module
 */
import type { GradcamOptions } from "../../explain/gradcam_options.ts";
import type { ServedModel } from "../options.ts";
import type { Engine } from "./engine.ts";
import { EngineHere } from "./here.ts";

export type * from "./engine.ts";

/** What an engine is made of. */
export interface EngineOptions extends Pick<GradcamOptions, "backend" | "threads"> {
  /** Where the models are, by their ids. */
  readonly models: ReadonlyMap<string, ServedModel>;
  /** How many workers are wanted. */
  readonly workers: number;
  /** How many photos are explained at a time where there are none. */
  readonly concurrency: number;
}

/** Make what explains photos. Nothing is started yet. */
export function createEngine(options: EngineOptions): Engine {
  return new EngineHere(options);
}
