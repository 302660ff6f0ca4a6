/**
 * What the library and its workers tell each other.
 *
 * @module
 */
import type { ExplanationRecord } from "../explain/explanation.ts";
import type { GradcamOptions } from "../explain/gradcam_options.ts";
import type { SentError } from "./sent_error.ts";
import type { SharedModel } from "./shared_model.ts";

/** What a worker needs to begin with. */
export interface PhotoSetup {
  readonly model: SharedModel;
  /** Classes of its layers that leave their input as it is. */
  readonly identity?: readonly string[] | undefined;
  /** What to explain, and how, as it can be sent; the backend runs already. */
  readonly options: Omit<GradcamOptions, "signal" | "backend" | "threads" | "onProgress" | "onPlan">;
}

/** From a worker: what became of a photo. */
export type PhotoAnswer =
  | { readonly record: ExplanationRecord }
  | { readonly error: SentError; readonly isHopeless: boolean };
