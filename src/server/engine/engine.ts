/**
 * What an engine is: it opens models and explains photos, in this thread or in workers. Tasks and answers are plain, so
 * that they can be sent.
 *
 * @module
 */
import type { RenderingName } from "../../draw/renderings/mod.ts";
import type { EncodeOptions } from "../../explain/explanation.ts";
import type { GradcamOptions } from "../../explain/gradcam_options.ts";
import type { LayerInfo, TensorInfo } from "../../split/model.ts";
import type { ServedModel } from "../options.ts";

/** A photo's file. */
export interface PhotoBytes {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Its name, where it has one. */
  readonly name: string | undefined;
}

/** A photo to explain, and how. */
export interface ExplainTask {
  /** The model's id. */
  readonly model: string;
  readonly photo: PhotoBytes;
  /** Photos for other inputs of the model, by name. */
  readonly photos: Readonly<Record<string, PhotoBytes>>;
  /** The photo that it is compared with. */
  readonly like?: PhotoBytes | undefined;
  /** What to explain, and how, as it can be sent. */
  readonly options: Omit<GradcamOptions, "signal" | "backend" | "threads" | "onPlan" | "onProgress">;
  /** How it is drawn. */
  readonly drawing: EncodeOptions;
  /** What to answer with, one at least. */
  readonly renderings: readonly RenderingName[];
  /** How many bytes of numbers in JSON are taken for too many. */
  readonly maxAnswerBytes: number;
}

/** All files of a task. */
export function filesOf({ photo, photos, like }: ExplainTask): readonly PhotoBytes[] {
  return [photo, ...Object.values(photos), ...like ? [like] : []];
}

/** One form of an answer. */
export interface AnswerPart {
  /** The rendering's name. */
  readonly name: RenderingName;
  readonly mediaType: string;
  /** The ending of its file, with its dot. */
  readonly extension: string;
  /** The method whose map it is of, for its file's name. */
  readonly method: string;
  readonly content: Uint8Array<ArrayBuffer>;
}

/** What a picture cannot say about itself. */
export interface AnswerSummary {
  readonly classIndex: number;
  readonly label: string | undefined;
  readonly score: number;
  readonly probability: number | undefined;
  readonly layer: string;
  readonly method: string;
  readonly diagnosis: string;
  /** In milliseconds. */
  readonly times: Readonly<Record<string, number>>;
  readonly warnings: readonly string[];
}

/** An explained photo, in the forms that were asked for. */
export interface ExplainAnswer {
  readonly parts: readonly AnswerPart[];
  readonly summary: AnswerSummary;
}

/** What there is to know of a model. */
export interface ModelReport {
  readonly id: string;
  /** The name of its file or folder, where it has one. */
  readonly name: string | undefined;
  readonly format: string;
  readonly inputs: readonly (TensorInfo & { readonly picture: boolean })[];
  readonly outputs: readonly TensorInfo[];
  /** The layer that is taken where none is named; `null` where there is none. */
  readonly default: string | null;
  /** Why there is none, where that can be said. */
  readonly reason?: string | undefined;
  /** The layers that are worth a look first, finest last. */
  readonly suggested: readonly string[];
  readonly layers: readonly LayerInfo[];
  /** The names of the classes, where they are known. */
  readonly labels: readonly string[] | undefined;
  /** Whether it has attention from all tokens to all of them, for the methods that look at that. */
  readonly attention: boolean;
}

/** How an engine is. */
export interface EngineState {
  /** The backend that computes, once it does. */
  readonly backend: unknown;
  /** Whether models were opened. */
  readonly isOpen: boolean;
  /** How many workers there are; 0 where this thread computes. */
  readonly workers: number;
  /** How many workers were ended and replaced so far. */
  readonly replaced: number;
  /** How many tensors there are, of those that have been told of last. */
  readonly tensors: number;
}

/** Opens models and explains photos. */
export interface Engine {
  /** How many photos it explains at a time. */
  readonly concurrency: number;
  /** How it is. */
  readonly state: EngineState;
  /** Open all models, and see that one photo can be explained; what failed is tried again by the next call. */
  ready(): Promise<void>;
  /**
   * Explain a photo.
   *
   * @param task What to do; its bytes may be handed over.
   * @param signal Drops the work: what goes on regardless is ended.
   * @throws What `gradcam()` throws, or the signal's reason.
   */
  explain(task: ExplainTask, signal: AbortSignal): Promise<ExplainAnswer>;
  /** What there is to know of a model. */
  report(model: string): Promise<ModelReport>;
  /** End it, and free what it holds; what is under way is dropped. */
  close(): Promise<void>;
}

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
