/**
 * What the worker command and its threads tell each other.
 *
 * @module
 */
import type { SharedModel } from "../../jobs/shared_model.ts";
import type { ExplainRequest } from "../explain_request.ts";
import type { SavedFile } from "../report.ts";
import type { Failure } from "./failures.ts";
import type { ResultFieldName } from "./fields.ts";

/** What a thread needs to begin with. */
export interface ThreadSetup {
  readonly model: SharedModel;
  /** The names of the classes, where a file of them was given. */
  readonly labels: readonly string[] | undefined;
  readonly identity: readonly string[];
  /** How pixels are scaled, unless a record says otherwise. */
  readonly preprocess: ExplainRequest["options"]["preprocess"];
  /** The parts of a result that are asked for. */
  readonly fields: readonly ResultFieldName[];
  /** The folder that files go into. */
  readonly folder: string;
  /** Whether a record is passed over whose files are there. */
  readonly isResumed: boolean;
}

/** A record, as a thread works on it. */
export interface ThreadTask {
  readonly photo: string | Uint8Array<ArrayBuffer>;
  readonly request: Pick<ExplainRequest, "options" | "drawing" | "mask" | "classes" | "methods">;
  /** The names of what to save. */
  readonly kinds: readonly string[];
  /** The stem of its files' names. */
  readonly stem: string;
}

/** What became of a record. */
export type ThreadAnswer =
  | { readonly result: Readonly<Record<string, unknown>> }
  | { readonly skipped: true; readonly files: readonly Pick<SavedFile, "path">[] }
  | { readonly error: Failure };
