/**
 * TensorFlow.js gives weights the names of their layers, and takes no name with letters beyond English, spaces or
 * colons. Such layers bear another name while it builds the model.
 *
 * @module
 */
import type * as tf from "../../base/tfjs.ts";
import { isLayersModel } from "../../split/held_models.ts";
import type { Json } from "./inbound.ts";

const taken = /^[A-Za-z0-9.][\w.\\/>-]*$/;

/** An architecture with names that TensorFlow.js takes, and the way back to their own. */
export interface SafeNames {
  readonly topology: Json;
  /** Give the layers of the model, once it is built, their own names. */
  restore(model: tf.LayersModel): void;
}

/** What is read of a model whose fields TensorFlow.js declares read-only. */
type Renamable = { name: string; inputNames?: string[]; outputNames?: string[] };

/** Put names that TensorFlow.js takes in the place of others. */
export function withSafeNames(topology: Json): SafeNames {
  const own = new Map<string, string>(); // by the name that stands for it
  const stand = new Map<string, string>();
  function note(value: unknown): void {
    if (Array.isArray(value)) return value.forEach(note);
    if (typeof value !== "object" || value === null) return;
    const { name } = value as Json;
    if (typeof name === "string" && !taken.test(name) && !stand.has(name)) {
      const safe = `layer.${stand.size}`;
      stand.set(name, safe);
      own.set(safe, name);
    }
    Object.values(value).forEach(note);
  }
  note(topology);
  function replace(value: unknown): unknown {
    if (typeof value === "string") return stand.get(value) ?? value;
    if (Array.isArray(value)) return value.map(replace);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, replace(item)]));
  }
  function restore(layer: tf.layers.Layer | tf.LayersModel): void {
    const renamable = layer as Renamable;
    renamable.name = own.get(renamable.name) ?? renamable.name;
    if (!isLayersModel(layer)) return;
    for (const names of [renamable.inputNames, renamable.outputNames]) {
      names?.forEach((name, index) => names[index] = own.get(name) ?? name);
    }
    layer.layers.forEach(restore);
  }
  return { topology: stand.size === 0 ? topology : replace(topology) as Json, restore };
}
