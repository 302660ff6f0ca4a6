import { adoptModel, isExplainable, loadModel } from "../formats/mod.ts";
import { isHeldModel } from "../split/held_models.ts";
import type { ExplainableModel } from "../split/model.ts";
import type { GraphModel, LayersModel } from "../base/tensors.ts";

/** A model to explain: one that was opened here, or one of TensorFlow.js that the caller holds. */
export type Model = ExplainableModel | LayersModel | GraphModel;

/** Adopted models, so that one is looked through once and not at each call. */
const adopted = new WeakMap<object, ExplainableModel>();
let embedded: Promise<ExplainableModel> | undefined;

/** A model as the pipeline sees it. */
export function asExplainable(model: Model): ExplainableModel {
  if (isExplainable(model)) return model;
  const known = adopted.get(model) ?? adoptModel(model);
  adopted.set(model, known);
  return known;
}

/** The embedded model, opened at the first call; a failed opening is tried again at the next. */
export async function openEmbeddedModel(): Promise<ExplainableModel> {
  embedded ??= loadModel();
  try {
    return await embedded;
  } catch (error) {
    embedded = undefined;
    throw error;
  }
}

/** Whether something is a model rather than an image. */
export function isModel(value: unknown): value is Model {
  return isExplainable(value) || isHeldModel(value);
}
