import { ClassNotFoundError, ModelError } from "../base/errors.ts";
import { quote } from "../base/quote.ts";
import { readBytes, ReadError, toLocation } from "../platform/files.ts";
import { openFolder } from "../formats/folder.ts";
import type { ModelFolder } from "../formats/model_folder.ts";
import { readAhead } from "../formats/read_ahead.ts";
import { RecordingFolder } from "../jobs/shared_model.ts";
import { parseLabels } from "../formats/labels.ts";
import type { ExplainableModel } from "../split/model.ts";
import type { ExplainRequest } from "./explain_request.ts";

/** The names of the classes, from a file of them. */
export async function readLabels(file: string, signal: AbortSignal): Promise<string[]> {
  try {
    return parseLabels(new TextDecoder().decode(await readBytes(toLocation(file), { signal })));
  } catch (error) {
    if (!(error instanceof ReadError || error instanceof TypeError)) throw error;
    throw new ModelError(
      `Cannot read labels ${quote(file)}: ${error.message.replace(/^Cannot read labels: /, "")}`,
    );
  }
}

/** What opening a model takes of a command line. */
export type ModelRequest =
  & Pick<ExplainRequest, "model" | "weights" | "identity" | "labels" | "options">
  & Partial<Pick<ExplainRequest, "card">>;

/** Names that may belong to other classes are no way to ask for one. */
function checkLabels(labels: readonly string[], model: ExplainableModel, request: ModelRequest): void {
  const asked = [request.options.label ?? []].flat();
  const classes = model.outputs.length === 1 ? model.outputs[0]!.shape.at(-1) : undefined;
  const names = classes === 1 ? 2 : classes; // of one unit, its own and its opposite's
  if (asked.length === 0 || !names || names === labels.length || classes === labels.length) return;
  throw new ClassNotFoundError(
    `Cannot find class ${quote(asked[0])}: ${
      quote(request.labels)
    } has ${labels.length} labels for ${classes} classes`,
  );
}

/** A model, and what workers need to open it too. */
export interface OpenedModel {
  readonly model: ExplainableModel;
  /** The names of the classes, where a file of them was given. */
  readonly labels: readonly string[] | undefined;
  /** The files that it was opened from, where they were asked for: by workers, or to be told on cards. */
  readonly files: RecordingFolder | undefined;
}

/** TensorFlow.js is loaded but here. */
function modules() {
  return Promise.all([import("../../backends/mod.ts"), import("../formats/mod.ts")]);
}

/**
 * Open the model that was asked for, on the backend that was asked for. TensorFlow.js is loaded only here.
 *
 * @param request What the command line asks for.
 * @param signal Stops downloads.
 */
export async function openModel(request: ModelRequest, signal: AbortSignal): Promise<ExplainableModel> {
  return (await openForJobs(request, 1, signal)).model;
}

/**
 * Likewise, and keep the files for workers, where there will be any: not where a GPU computes, which serves one.
 *
 * @param jobs How many workers there may be.
 */
export async function openForJobs(
  request: ModelRequest,
  jobs: number,
  signal: AbortSignal,
): Promise<OpenedModel> {
  modules().catch(() => {}); // begun early: they take longer than to read a file
  const folder = await openFolder(request.model, { weights: request.weights, signal });
  return await readAhead(folder, (folder) => openHere(folder, request, jobs, signal));
}

async function openHere(
  folder: ModelFolder,
  request: ModelRequest,
  jobs: number,
  signal: AbortSignal,
): Promise<OpenedModel> {
  const labels = request.labels === undefined ? undefined : await readLabels(request.labels, signal);
  const [{ ensureBackend }, { openModelFolder }] = await modules();
  const { backend = "auto", threads = jobs > 1 ? 1 : undefined, preprocess } = request.options;
  const { name } = await ensureBackend({ backend, ...(threads !== undefined && { threads }) });
  const files = jobs > 1 && name !== "webgpu" || request.card ? new RecordingFolder(folder) : undefined;
  const model = await openModelFolder(files ?? folder, { labels, preprocess, identity: request.identity });
  try {
    if (labels) checkLabels(labels, model, request);
    return { model, labels, files };
  } catch (error) {
    model.dispose();
    throw error;
  }
}
