import { makeReadable } from "../../backends/gpu_memory.ts";
import { shown } from "../base/options.ts";
import type { GraphModel, LayersModel } from "../base/tensors.ts";
import { adoptModel, isExplainable, loadModel, type ModelSource } from "../formats/mod.ts";
import { isHeldModel, weightsOf } from "../split/held_models.ts";
import type { ExplainableModel } from "../split/model.ts";

/** A model to explain: one that was opened here, or one of TensorFlow.js that the caller holds. */
export type Model = ExplainableModel | LayersModel | GraphModel;

/** A model that is open, and what to do when it is no longer needed. */
export interface OpenModel {
  readonly model: ExplainableModel;
  /** Free it, if it was opened for this. */
  close(): void;
}

/** Adopted models, so that one is looked through once and not at each call. */
const adopted = new WeakMap<object, ExplainableModel>();
let embedded: Promise<ExplainableModel> | undefined;

/** Whether something is a model rather than an image. */
export function isModel(value: unknown): value is Model {
  return isExplainable(value) || isHeldModel(value);
}

/**
 * A model as the pipeline sees it.
 *
 * @throws {TypeError} If it is none.
 */
export function asExplainable(model: Model): ExplainableModel {
  if (isExplainable(model)) return model;
  if (!isHeldModel(model)) {
    throw new TypeError(`Cannot explain with ${shown(model)}: give a model, such as loadModel() opens`);
  }
  const known = adopted.get(model) ?? adoptModel(model);
  adopted.set(model, known);
  return known;
}

/** The embedded model, opened at the first call; a failed opening is tried again at the next. */
async function openEmbeddedModel(): Promise<ExplainableModel> {
  embedded ??= loadModel();
  try {
    return await embedded;
  } catch (error) {
    embedded = undefined;
    throw error;
  }
}

/**
 * Open a model for one explanation.
 *
 * @param source An open model, which stays so; where one is or what its files hold; the embedded one if left out.
 * @param signal Stops downloads.
 * @throws {ModelError} If it cannot be opened.
 * @throws {TypeError} If it is neither.
 */
export async function openModel(
  source: Model | ModelSource | undefined,
  signal: AbortSignal | undefined,
): Promise<OpenModel> {
  if (source === undefined) return { model: await openEmbeddedModel(), close: () => {} };
  if (!isModel(source)) {
    const model = await loadModel(source, { signal });
    return { model, close: () => model.dispose() };
  }
  if (isHeldModel(source) && !adopted.has(source)) await makeReadable(weightsOf(source));
  return { model: asExplainable(source), close: () => {} };
}
