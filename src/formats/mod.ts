/**
 * Opening models: the registry of file formats. A new format is one file beside this one and one line in
 * {@linkcode formats}.
 *
 * @module
 */
import { makeReadable } from "../../backends/gpu_memory.ts";
import { ensureBackend, withBackend } from "../../backends/mod.ts";
import { ModelError } from "../base/errors.ts";
import { checkOptionTypes } from "../base/options.ts";
import { resolvePreprocessing } from "../input/preprocess.ts";
import { isGraphModel, isHeldModel, weightsOf } from "../split/held_models.ts";
import { GraphModelAdapter } from "../split/graph_model.ts";
import { LayersModelAdapter } from "../split/layers_model.ts";
import type { ExplainableModel, ModelRecord } from "../split/model.ts";
import type { GraphModel, LayersModel } from "../base/tensors.ts";
import { cut, quote } from "../base/quote.ts";
import type { ModelBytes, ModelFiles } from "./file_set.ts";
import { type FolderOptions, type FolderSource, openFolder, type WeightsSource } from "./folder.ts";
import type { ModelFormat } from "./format.ts";
import {
  isExplainable,
  type LoadModelOptions,
  loadRules,
  modelRule,
  type ModelSource,
} from "./load_options.ts";
import { headOf, type ModelFolder } from "./model_folder.ts";
import { readAhead } from "./read_ahead.ts";
import { readSidecars } from "./sidecars.ts";
import { kerasH5Format } from "./keras_h5.ts";
import { kerasJsonFormat } from "./keras_json.ts";
import { kerasZipFormat } from "./keras_zip.ts";
import { onnxFormat } from "./onnx.ts";
import { tfjsFormat } from "./tfjs.ts";

export {
  identityRule,
  isExplainable,
  type LoadModelOptions,
  loadRules,
  modelRule,
  type ModelSource,
} from "./load_options.ts";
export type { ModelBytes, ModelFiles, ModelFolder, ModelFormat, WeightsSource };

/** All formats, in the order in which they are tried. */
export const formats: readonly ModelFormat[] = Object.freeze([
  tfjsFormat,
  kerasH5Format,
  kerasZipFormat,
  kerasJsonFormat,
  onnxFormat,
]);

/** The longest message, in characters: no name of a layer fills it. */
const maxMessage = 500;

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

function isGraph({ format }: ExplainableModel): boolean {
  return format === "onnx" || format.endsWith("-graph");
}

/** A graph has no layers whose class could be said to do nothing. */
function checkLayered(
  model: ExplainableModel,
  { name }: ModelFolder,
  { identity = [] }: ModelRecord,
): ExplainableModel {
  if (identity.length === 0 || !isGraph(model)) return model;
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
  return await loadModelOn(Promise.resolve(), source, options);
}

/**
 * Likewise, on a backend that is being started: meanwhile the files are read.
 *
 * @param backend Resolves when it has started.
 */
export async function loadModelOn(
  backend: Promise<unknown>,
  source: ModelSource | undefined,
  options: LoadModelOptions,
): Promise<ExplainableModel> {
  backend.catch(() => {}); // told when it is needed
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
    await backend;
    await ensureBackend();
    await makeReadable(weightsOf(source));
    const model = adoptModel(source, recordOf(options));
    await withBackend({}, () => model.pixelEvidence());
    return model;
  }
  const folder = await openFolder(source as FolderSource | undefined, readOptions(options));
  return await readAhead(folder, async (folder) => {
    await backend;
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
  const { title: name, notes = [] } = folder;
  const record = { name, notes, assumptions: notes, ...await readSidecars(folder), ...recordOf(options) };
  return await withBackend({}, () => open(folder, record));
}
