/**
 * What the command line tool and its workers tell each other.
 *
 * @module
 */
import type { GridCell } from "../../draw/photo_grid.ts";
import type { ExplanationRecord } from "../../explain/explanation.ts";
import type { SentError } from "../../jobs/sent_error.ts";
import type { SharedModel } from "../../jobs/shared_model.ts";
import type { Destination } from "../destination.ts";
import type { ExplainRequest } from "../explain_request.ts";
import type { SavedFile } from "../report.ts";

/** What a worker needs to begin with. */
export interface JobSetup {
  readonly model: SharedModel;
  /** The names of the classes, where a file of them was given. */
  readonly labels: readonly string[] | undefined;
  /** What to explain, and how; functions cannot be sent. */
  readonly request: Pick<ExplainRequest, "photos" | "identity" | "options" | "drawing" | "grid">;
  /** The names of what to save. */
  readonly kinds: readonly string[];
  readonly destination: Destination;
  /** The stem of each photo's results. */
  readonly stems: readonly string[];
}

/** From a worker: what became of a photo; the photo's pixels stay there. */
export type JobAnswer =
  | {
    readonly record: ExplanationRecord;
    readonly saved: readonly SavedFile[];
    /** Its places in a grid, where there is one. */
    readonly cells: readonly GridCell[] | undefined;
  }
  | { readonly error: SentError; readonly isHopeless: boolean };
