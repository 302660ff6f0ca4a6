import { ModelError } from "../../../base/errors.ts";
import { quote } from "../../../base/quote.ts";
import type { Json } from "../inbound.ts";
import type { KerasArray, KerasWeights } from "../keras_file.ts";
import { beginsWithBranches, spreadOut } from "./branches.ts";
import { joinClass } from "./joins.ts";
import { findOldLayer, renameSettings } from "./mod.ts";

/** What turns a layer's arrays into those that Keras 2 has. */
type Adapt = (arrays: readonly KerasArray[]) => readonly KerasArray[];

const asTheyAre: Adapt = (arrays) => arrays;

/** An architecture in Keras 2's spelling, and what its weights become. */
export interface NewArchitecture {
  readonly config: Json;
  /** Weights as Keras 2 would have saved them. */
  adapt(weights: KerasWeights): KerasWeights;
}

/** What a layer's arrays become, those of the layers inside it too. */
function adaptOf({ class_name: className, config }: Json): Adapt {
  const settings = (config ?? {}) as Json;
  if (className === "TimeDistributed") return adaptOf(settings.layer as Json);
  if (className === "Bidirectional") {
    const inner = adaptOf(settings.layer as Json);
    return (arrays) => {
      const half = arrays.length / 2;
      return [...inner(arrays.slice(0, half)), ...inner(arrays.slice(half))];
    };
  }
  const { arrays: own } = findOldLayer(className) ?? {};
  return own ? (arrays) => arrays.length > 0 ? own(arrays, settings) : arrays : asTheyAre;
}

/** Translates an architecture, and remembers what becomes of its layers' arrays. */
class Translator {
  readonly adapting = new Map<string, Adapt>();

  constructor(readonly model: string) {}

  layer(layer: Json, path: readonly string[]): Json {
    const { class_name: className, config } = layer;
    const old = (config ?? {}) as Json;
    const name = String(old.name ?? layer.name);
    if (Array.isArray(old.layers)) return { ...layer, ...this.container(layer, [...path, name]) };
    const where = `Cannot open model ${quote(this.model)}: layer ${quote(name)}`;
    const own = findOldLayer(className);
    const reason = own?.refuse?.(old);
    if (reason !== undefined) throw new ModelError(`${where} ${reason}`);
    this.adapting.set(JSON.stringify([...path, name]), adaptOf(layer));
    if (className === "TimeDistributedDense") return { ...layer, ...this.#inTime(old, name) };
    const renamed = renameSettings(old, String(className));
    const settings = {
      ...renamed,
      ...own?.settings?.(renamed, old),
      ...(old.layer !== undefined && { layer: this.layer(old.layer as Json, [...path, name]) }),
    };
    const today = className === "Merge" ? joinClass(old) : own?.today ?? className;
    return { ...layer, class_name: today, config: settings };
  }

  /** A dense layer that was for each step of a sequence. */
  #inTime(old: Json, name: string): Json {
    const { batch_input_shape: shape, ...settings } = renameSettings(old, "Dense");
    const inner = { class_name: "Dense", config: { ...settings, name: `${name}_dense` } };
    return {
      class_name: "TimeDistributed",
      config: { name, ...(shape !== undefined && { batch_input_shape: shape }), layer: inner },
    };
  }

  container({ class_name: className, config }: Json, path: readonly string[]): Json {
    const given = config as Json & { readonly layers: readonly Json[] };
    const { layers } = given;
    const name = String(path.at(-1) ?? given.name ?? "model");
    const spread = className === "Sequential" && beginsWithBranches(layers)
      ? spreadOut(layers, name, `Cannot open model ${quote(this.model)}: it`)
      : { class_name: className, config: { ...given, name, layers } };
    const inner = spread.config as { layers: readonly Json[] };
    return {
      ...spread,
      config: { ...inner, layers: inner.layers.map((layer) => this.layer(layer, path)) },
    };
  }
}

/** An architecture whose lists of layers have names, as Keras gives them by number, for others to take. */
function withNames(config: Json): Json {
  let count = 0;
  function named(layer: Json): Json {
    const { config, name } = layer;
    const layers = Array.isArray(config) ? config : (config as Json | undefined)?.layers;
    if (!Array.isArray(layers)) return layer;
    const own = Array.isArray(config) ? { name: name ?? `sequential_${count++}` } : config as Json;
    return { ...layer, config: { ...own, layers: layers.map(named) } };
  }
  return named(config);
}

/**
 * Translate an architecture of Keras 1 into what Keras 2 would have written.
 *
 * @param config `{ class_name, config }`.
 * @param name What to call the model in messages.
 * @throws {ModelError} If it has something that no later version has.
 */
export function translateKeras1(config: Json, name: string): NewArchitecture {
  const translator = new Translator(name);
  const translated = translator.container(withNames(config), []);
  return {
    config: translated,
    adapt: (weights) => ({
      assign: (layers) =>
        weights.assign(layers).map((read, index) => {
          const adapt = translator.adapting.get(JSON.stringify(layers[index]!.path)) ?? asTheyAre;
          return () => {
            const arrays = read();
            return arrays && adapt(arrays);
          };
        }),
    }),
  };
}
