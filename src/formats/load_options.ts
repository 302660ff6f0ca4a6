import {
  callbackRule,
  listRule,
  type OptionRule,
  type OptionRules,
  rule,
  signalRule,
  textRule,
} from "../base/options.ts";
import type { GraphModel, LayersModel } from "../base/tensors.ts";
import { preprocessRule } from "../input/input_options.ts";
import type { Preprocessing, PreprocessingName } from "../input/preprocess.ts";
import type { ExplainableModel } from "../split/model.ts";
import { asBytes, type ModelBytes, type ModelFiles } from "./file_set.ts";
import type { WeightsSource } from "./folder.ts";

/** A model to open, or one that the caller holds. */
export type ModelSource =
  | string
  | URL
  | ModelBytes
  | ModelFiles
  | readonly File[]
  | LayersModel
  | GraphModel
  | ExplainableModel;

/** Options of {@linkcode loadModel}. */
export interface LoadModelOptions {
  /** The names of the classes, instead of those found beside the model. */
  readonly labels?: readonly string[] | undefined;
  /** How the model was trained to see pixels, instead of what is found beside the model. */
  readonly preprocess?: PreprocessingName | Preprocessing | undefined;
  /**
   * The file that holds the weights: its path, its URL or its content, as `model.save_weights()` of Keras or a whole
   * model's `save()` writes it. They take the place of the model's own.
   * @default {those in the model's file, else those found beside an architecture in JSON}
   */
  readonly weights?: WeightsSource | undefined;
  /**
   * Classes of Keras layers that leave their input as it is when the model is used, such as one of your own that acts
   * in training alone: their layers are passed over. A layer of such a class has one input and no weights.
   * @default {known ones, such as CastToFloat32}
   */
  readonly identity?: readonly string[] | undefined;
  /** Stops a download. */
  readonly signal?: AbortSignal | undefined;
  /** Told how many bytes were read so far, of all files together. */
  readonly onProgress?: ((bytes: number) => void) | undefined;
}

/** What a model can be given as. */
export const modelRule: OptionRule = rule(
  "a model's path, URL, bytes or files, or an open one",
  (value) => typeof value === "string" || typeof value === "object" && value !== null,
);

/** Classes of layers by their names. */
export const identityRule: OptionRule = listRule("an array of classes of layers", textRule("a class"));

/** What each of them can be. */
export const loadRules: OptionRules<LoadModelOptions> = {
  labels: listRule("an array of names", textRule("a name")),
  preprocess: preprocessRule,
  weights: rule(
    "the path, URL or bytes of a Keras .h5 with weights",
    (value) => typeof value === "string" || value instanceof URL || asBytes(value) !== undefined,
  ),
  identity: identityRule,
  signal: signalRule,
  onProgress: callbackRule("a function that is told of bytes"),
};

/** Whether a value is a model already open; a tensor can be split too, but has no layers. */
export function isExplainable(value: unknown): value is ExplainableModel {
  return typeof value === "object" && value !== null && "layers" in value && "split" in value &&
    typeof value.split === "function";
}
