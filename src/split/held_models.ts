/**
 * Telling TensorFlow.js's models from other values, by what they can do: a program may hold another copy of its
 * packages than ours, with classes of its own over the same engine.
 *
 * @module
 */
import type * as tf from "../base/tfjs.ts";

function has(value: unknown, ...names: string[]): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && names.every((name) => name in value);
}

/** Whether a value is a layers model, Sequential or functional. */
export function isLayersModel(value: unknown): value is tf.LayersModel {
  return has(value, "inputLayers", "outputLayers", "getLayer", "predict");
}

/** Whether a value is a graph model. */
export function isGraphModel(value: unknown): value is tf.GraphModel {
  return has(value, "executor", "modelSignature", "execute", "predict");
}

/** Whether a value is a model of TensorFlow.js. */
export function isHeldModel(value: unknown): value is tf.LayersModel | tf.GraphModel {
  return isLayersModel(value) || isGraphModel(value);
}

/** The weights of a model that the caller holds. */
export function weightsOf(model: tf.LayersModel | tf.GraphModel): readonly tf.Tensor[] {
  if (isGraphModel(model)) return Object.values(model.weights).flat();
  return model.weights.map((weight) => weight.read());
}
