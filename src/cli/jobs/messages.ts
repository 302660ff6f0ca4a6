/**
 * What the command line tool and its workers tell each other.
 *
 * @module
 */
import type { ExplanationRecord } from "../../explanation.ts";
import type { Destination } from "../destination.ts";
import type { ExplainRequest } from "../explain_request.ts";
import type { SavedFile } from "../report.ts";

/** A model's files, read once for all workers. */
export interface SharedModel {
  /** What to call it in messages. */
  readonly name: string;
  /** The content of the main file, in shared memory. */
  readonly main: Uint8Array;
  /** The content of the files beside it that were asked for, by name; `undefined` for those that are not there. */
  readonly files: ReadonlyMap<string, Uint8Array | undefined>;
}

/** What a worker needs to begin with. */
export interface JobSetup {
  readonly model: SharedModel;
  /** The names of the classes, where a file of them was given. */
  readonly labels: readonly string[] | undefined;
  /** What to explain, and how; functions cannot be sent. */
  readonly request: Pick<ExplainRequest, "photos" | "options" | "drawing">;
  /** The names of what to save. */
  readonly kinds: readonly string[];
  readonly destination: Destination;
  /** The stem of each photo's results. */
  readonly stems: readonly string[];
}

/** Where a worker computes. */
export type JobBackend = Pick<ExplainRequest["options"], "backend" | "threads">;

/** To a worker: start the backend, open the model, or explain the photo of an index. */
export type JobOrder =
  | { readonly start: JobBackend }
  | { readonly setup: JobSetup }
  | { readonly photo: number };

/** From a worker: what became of a photo; the photo's pixels stay there. */
export type JobAnswer =
  | { readonly photo: number; readonly record: ExplanationRecord; readonly saved: readonly SavedFile[] }
  | {
    readonly photo: number;
    readonly message: string;
    readonly stack: string;
    readonly isHopeless: boolean;
  };
