/**
 * Opening models: the registry of file formats. A new format is one file beside this one and one line in
 * {@linkcode formats}.
 *
 * @module
 */
import { makeReadable } from "../../backends/gpu_memory.ts";
import { ensureBackend, withBackend } from "../../backends/mod.ts";
import { ModelError } from "../base/errors.ts";
import {
  callbackRule,
  checkOptionTypes,
  listRule,
  type OptionRule,
  type OptionRules,
  rule,
  signalRule,
  textRule,
} from "../base/options.ts";
import { preprocessRule } from "../input/input_options.ts";
import { type Preprocessing, type PreprocessingName, resolvePreprocessing } from "../input/preprocess.ts";
import { isGraphModel, isHeldModel, weightsOf } from "../split/held_models.ts";
import { GraphModelAdapter } from "../split/graph_model.ts";
import { LayersModelAdapter } from "../split/layers_model.ts";
import type { ExplainableModel, ModelRecord } from "../split/model.ts";
import type { GraphModel, LayersModel } from "../base/tensors.ts";
import { cut, quote } from "../base/quote.ts";
import { asBytes, type ModelBytes, type ModelFiles } from "./file_set.ts";
import { type FolderOptions, type FolderSource, openFolder, type WeightsSource } from "./folder.ts";
import type { ModelFormat } from "./format.ts";
import { headOf, type ModelFolder } from "./model_folder.ts";
import { readAhead } from "./read_ahead.ts";
import { readSidecars } from "./sidecars.ts";
import { kerasH5Format } from "./keras_h5.ts";
import { kerasJsonFormat } from "./keras_json.ts";
import { kerasZipFormat } from "./keras_zip.ts";
import { tfjsFormat } from "./tfjs.ts";

export type { ModelBytes, ModelFiles, ModelFolder, ModelFormat, WeightsSource };

/** All formats, in the order in which they are tried. */
export const formats: readonly ModelFormat[] = Object.freeze([
  tfjsFormat,
  kerasH5Format,
  kerasZipFormat,
  kerasJsonFormat,
]);

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

/** The longest message, in characters: no name of a layer fills it. */
const maxMessage = 500;

/** Whether a value is a model already open; a tensor can be split too, but has no layers. */
export function isExplainable(value: unknown): value is ExplainableModel {
  return typeof value === "object" && value !== null && "layers" in value && "split" in value &&
    typeof value.split === "function";
}

/**
 * An open model that explains a TensorFlow.js model which the caller holds and goes on owning.
 *
 * @param model A layers model or a graph model, loaded.
 */
export function adoptModel(
  model: LayersModel | GraphModel,
  record: ModelRecord = {},
): ExplainableModel {
  return isGraphModel(model) ? new GraphModelAdapter(model, record) : new LayersModelAdapter(model, record);
}

function readOptions({ weights, signal, onProgress }: LoadModelOptions): FolderOptions {
  let total = 0;
  return { weights, signal, onBytes: onProgress && ((bytes) => onProgress(total += bytes)) };
}

/** Names in a damaged file may hold anything; a message is one line that people can read. */
function inOneLine(error: unknown): unknown {
  if (!(error instanceof ModelError)) return error;
  // deno-lint-ignore no-control-regex -- which are what it is about
  const line = error.message.replaceAll(/[\x00-\x1f\x7f-\x9f\u2028\u2029]+/g, " ")
    .replaceAll("[object Object]", "an object");
  if (line === error.message && line.length <= maxMessage) return error;
  return new ModelError(cut(line, maxMessage), { cause: error });
}

/** A graph has no layers whose class could be said to do nothing. */
function checkLayered(
  model: ExplainableModel,
  { name }: ModelFolder,
  { identity = [] }: ModelRecord,
): ExplainableModel {
  if (identity.length === 0 || !model.format.endsWith("-graph")) return model;
  model.dispose();
  throw new ModelError(
    `Cannot open model ${quote(name)} with layers of the class ${
      quote(identity[0])
    } passed over: it is a graph, which has no layers`,
  );
}

async function open(folder: ModelFolder, record: ModelRecord): Promise<ExplainableModel> {
  try {
    for (const format of formats) {
      const model = await format.open(folder, record);
      if (model) return checkLayered(model, folder, record);
    }
  } catch (error) {
    throw inOneLine(error);
  }
  const { recogniseForeign } = await import("./foreign.ts");
  throw new ModelError(`Cannot open model ${quote(folder.name)}: ${recogniseForeign(headOf(folder))}`);
}

/**
 * Open a model.
 *
 * @param source A path, a URL or a folder of either kind; the content of a file, or of several by name or as
 * dropped on a page; of a Keras model in two files, JSON and HDF5, either one, where the other lies beside it; or a
 * TensorFlow.js model that the caller holds, and goes on owning. If left out: the embedded EfficientNet-Lite0, which
 * knows ImageNet's 1,000 classes.
 * @param options Labels, preprocessing and weights, where the model's files do not say them; and classes of layers that
 * do nothing.
 * @returns The model; `dispose()` frees its weights.
 * @throws {ModelError} If it cannot be opened; the message says why, in one line.
 * @throws {TypeError} If the source or an option is of a wrong type, or there is no such option.
 *
 * @example The embedded model's layers
 * ```ts
 * import { loadModel } from "@xai/gradcam";
 * import { assertEquals } from "@std/assert";
 *
 * const model = await loadModel();
 * assertEquals(model.inputs[0]?.shape, [null, 224, 224, 3]);
 * model.dispose();
 * ```
 */
export async function loadModel(
  source?: ModelSource,
  options: LoadModelOptions = {},
): Promise<ExplainableModel> {
  checkOptionTypes("loadModel()", options, loadRules);
  const isOpen = isExplainable(source) || isHeldModel(source);
  if (isOpen && options.weights !== undefined) {
    throw new TypeError("Cannot give other weights to an open model: give its path, its URL or its bytes");
  }
  if (isExplainable(source)) return source;
  if (source !== undefined && !modelRule.fits(source)) {
    throw new TypeError(`Cannot open a model from ${typeof source}: give a path, a URL, bytes or a model`);
  }
  if (isHeldModel(source)) {
    await ensureBackend();
    await makeReadable(weightsOf(source));
    const model = adoptModel(source, recordOf(options));
    await withBackend({}, () => model.pixelEvidence());
    return model;
  }
  const folder = await openFolder(source as FolderSource | undefined, readOptions(options));
  return await readAhead(folder, async (folder) => {
    return await openModelFolder(folder, options);
  });
}

/** What the caller says of a model. */
function recordOf({ labels, preprocess, identity }: LoadModelOptions): ModelRecord {
  return {
    ...(labels && { labels }),
    ...(identity && { identity }),
    ...(preprocess !== undefined && {
      preprocessing: resolvePreprocessing(preprocess),
      preprocessingFrom: 'the option "preprocess"',
    }),
  };
}

/**
 * Open the model in a folder, wherever that is, on the backend in use.
 *
 * @throws {ModelError} If it cannot be opened.
 */
export async function openModelFolder(
  folder: ModelFolder,
  options: Pick<LoadModelOptions, "labels" | "preprocess" | "identity"> = {},
): Promise<ExplainableModel> {
  const record = { name: folder.title, ...await readSidecars(folder), ...recordOf(options) };
  return await withBackend({}, () => open(folder, record));
}
