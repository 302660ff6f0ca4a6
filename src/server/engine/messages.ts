/**
 * What a service and its workers tell each other.
 *
 * @module
 */
import type { SentError } from "../../jobs/sent_error.ts";
import type { ServedModel } from "../options.ts";
import type { ExplainAnswer, ExplainTask, ModelReport } from "./engine.ts";

/** What a worker needs to begin with. */
export interface EngineSetup {
  /** Where the models are, by their ids. */
  readonly models: ReadonlyMap<string, ServedModel>;
  /** What a photo is explained with where a request does not say. */
  readonly options: ExplainTask["options"];
}

/** To a worker. */
export type EngineTask =
  | { readonly explain: ExplainTask }
  | { readonly report: string }
  /** The models to try, by their ids; all are opened. */
  | { readonly ready: readonly string[] };

/** How a worker is. */
export interface WorkerState {
  /** The backend that computes. */
  readonly backend: unknown;
  /** How many tensors it holds. */
  readonly tensors: number;
}

/** What a worker gives, or why not: an error, and whether it was in opening a model. */
export type EngineReply =
  & WorkerState
  & (
    | { readonly answer: ExplainAnswer }
    | { readonly report: ModelReport }
    | { readonly ready: true }
    | { readonly error: SentError; readonly isOpening: boolean }
  );
