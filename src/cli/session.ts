import { ClassNotFoundError, ModelError } from "../errors.ts";
import { readBytes, ReadError, toLocation } from "../files.ts";
import { parseLabels } from "../labels.ts";
import type { ExplainableModel } from "../split/mod.ts";
import type { ExplainRequest } from "./explain_request.ts";

async function readLabels(file: string, signal: AbortSignal): Promise<string[]> {
  try {
    return parseLabels(new TextDecoder().decode(await readBytes(toLocation(file), { signal })));
  } catch (error) {
    if (!(error instanceof ReadError || error instanceof TypeError)) throw error;
    throw new ModelError(
      `Cannot read labels "${file}": ${error.message.replace(/^Cannot read labels: /, "")}`,
    );
  }
}

/** What opening a model takes of a command line. */
export type ModelRequest = Pick<ExplainRequest, "model" | "labels" | "options">;

/** Names that may belong to other classes are no way to ask for one. */
function checkLabels(labels: readonly string[], model: ExplainableModel, request: ModelRequest): void {
  const asked = [request.options.label ?? []].flat();
  const classes = model.outputs.length === 1 ? model.outputs[0]!.shape.at(-1) : undefined;
  const names = classes === 1 ? 2 : classes; // of one unit, its own and its opposite's
  if (asked.length === 0 || !names || names === labels.length || classes === labels.length) return;
  throw new ClassNotFoundError(
    `Cannot find class "${asked[0]}": "${request.labels}" has ${labels.length} labels for ${classes} classes`,
  );
}

/**
 * Open the model that was asked for, on the backend that was asked for. TensorFlow.js is loaded only here.
 *
 * @param request What the command line asks for.
 * @param signal Stops downloads.
 */
export async function openModel(request: ModelRequest, signal: AbortSignal): Promise<ExplainableModel> {
  const labels = request.labels === undefined ? undefined : await readLabels(request.labels, signal);
  const [{ ensureBackend }, { loadModel }] = await Promise.all([
    import("../../backends/mod.ts"),
    import("../formats/mod.ts"),
  ]);
  const { backend = "auto", threads, preprocess } = request.options;
  await ensureBackend({ backend, ...(threads !== undefined && { threads }) });
  const model = await loadModel(request.model, { labels, preprocess, signal });
  try {
    if (labels) checkLabels(labels, model, request);
    return model;
  } catch (error) {
    model.dispose();
    throw error;
  }
}
