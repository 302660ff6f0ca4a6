/**
 * What an evaluation and its workers tell each other.
 *
 * @module
 */
import type { SentError } from "../jobs/sent_error.ts";
import type { SentPhoto } from "../jobs/sent_photo.ts";
import type { SharedModel } from "../jobs/shared_model.ts";
import type { MeasureOptions } from "../metrics/measure_options.ts";
import type { EvaluatedMap } from "./evaluated.ts";
import type { PhotoTask } from "./measure_photo.ts";

/** What a worker needs to begin with. */
export interface EvaluateSetup {
  readonly models: readonly { readonly name: string; readonly files: SharedModel }[];
  /** Classes of their layers that leave their input as it is. */
  readonly identity: readonly string[] | undefined;
  /** What is measured, as it can be sent; the backend runs already. */
  readonly options: Omit<MeasureOptions, "signal" | "backend" | "threads" | "onProgress" | "truth">;
}

/** To a worker: a photo. */
export interface EvaluateTask extends PhotoTask {
  readonly photo: SentPhoto;
}

/** From a worker: what became of it. */
export type EvaluateAnswer =
  | { readonly maps: readonly EvaluatedMap[] }
  | { readonly error: SentError; readonly isHopeless: boolean };
