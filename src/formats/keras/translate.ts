import { ModelError } from "../../base/errors.ts";
import { quote } from "../../base/quote.ts";
import {
  type CallTemplate,
  isWrittenByKeras3,
  type Json,
  translateInbound,
  translateReference,
} from "./inbound.ts";
import type { TranslationContext } from "./translate_config.ts";
import { translateLayer } from "./translate_layer.ts";

/** A model's architecture as TensorFlow.js reads it. */
export interface TranslatedModel {
  /** What `tf.models.modelFromJSON` takes. */
  readonly topology: { readonly modelTopology: Json };
  /** What was translated or left out, for people to know. */
  readonly notes: readonly string[];
  /** Of these, what was taken to be meant where the file does not say it outright. */
  readonly assumptions: readonly string[];
}

/** Classes of models; a Pipeline of preprocessing layers is a Sequential by another name. */
const modelClasses = new Set(["Functional", "Model", "Pipeline", "Sequential"]);

function isModel(layer: Json): boolean {
  return modelClasses.has(String(layer.class_name));
}

function isSequence(model: Json): boolean {
  return model.class_name === "Sequential" || model.class_name === "Pipeline";
}

/** A layer that is not the first: what some files note as its input's shape is that of another network. */
function withoutInputShape({ class_name: className, config }: Json): Json {
  if (modelClasses.has(String(className))) return { class_name: className, config };
  const { batch_input_shape: _shape, ...rest } = config as Json;
  return { class_name: className, config: rest };
}

/**
 * The first layer of a sequence with the shape of its input, where the file notes it of the sequence alone. TensorFlow.js
 * builds none without.
 */
function withInputShape(first: Json, sequence: Json): Json {
  const config = first.config as Json;
  const isBuilt = first.class_name === "InputLayer" || config.batch_input_shape !== undefined ||
    Array.isArray(config.layers);
  const { input_shape: shape } = (sequence.build_config ?? {}) as Json;
  const noted = (sequence.config as Json).build_input_shape ?? shape;
  if (isBuilt || !Array.isArray(noted)) return first;
  return { ...first, config: { ...config, batch_input_shape: noted } };
}

/** The layers that a model's configuration lists; old Sequential models are a bare list. */
function layersOf(model: Json, { name }: TranslationContext): readonly Json[] {
  const config = model.config as Json | readonly Json[];
  const layers = Array.isArray(config) ? config : (config as Json)?.layers;
  if (!Array.isArray(layers)) {
    throw new ModelError(`Cannot open model ${quote(name)}: its architecture lists no layers`);
  }
  return layers;
}

function nameOf(layer: Json): unknown {
  return (layer.config as Json | undefined)?.name ?? layer.name;
}

/** A layer or nested model, called in some way. */
function translateInner(
  layer: Json,
  context: TranslationContext,
  call: CallTemplate = { operands: [], named: {} },
): Json {
  return isModel(layer) ? translate(layer, context, true) : translateLayer(layer, context, call);
}

/** A model whose layers follow each other. */
function translateSequence(model: Json, context: TranslationContext): Json {
  const { name = "model", build_input_shape: shape } = model.config as Json;
  const layers = layersOf(model, context).map((layer, index) => {
    const translated = translateInner(layer, context);
    return index === 0 ? withInputShape(translated, model) : withoutInputShape(translated);
  });
  const built = shape !== undefined && shape !== null ? { build_input_shape: shape } : {};
  return { class_name: "Sequential", config: { name, layers, ...built } };
}

/** A model whose layers say what they take. */
function translateGraph(model: Json, context: TranslationContext, isNested: boolean): Json {
  const layers = layersOf(model, context);
  const { name = "model", input_layers: inputs, output_layers: outputs } = model.config as Json;
  const models = layers.filter(isModel);
  const inner = layers.map((layer): Json => {
    const { nodes, template } = translateInbound(layer, new Set(models.map(nameOf)));
    const translated = translateInner(layer, context, template);
    const { name } = translated.config as Json;
    if (nodes.some((taken) => taken.length === 0)) { // TensorFlow.js would wait for them for ever
      throw new ModelError(
        `Cannot open model ${quote(context.name)}: layer ${quote(name)} is called without an input`,
      );
    }
    return { ...translated, name, inbound_nodes: nodes };
  });
  // Where a model ends, Keras 3 counts the uses of functional models from 1, as TensorFlow.js does.
  const fromZero = new Set(isWrittenByKeras3(layers) ? models.filter(isSequence).map(nameOf) : []);
  const ends = (value: unknown) => translateReference(value, fromZero, isNested);
  const config = { name, layers: inner, input_layers: ends(inputs), output_layers: ends(outputs) };
  return { class_name: "Model", config };
}

/** A nested or outermost model, with all that is inside it. */
function translate(model: Json, context: TranslationContext, isNested: boolean): Json {
  return isSequence(model) ? translateSequence(model, context) : translateGraph(model, context, isNested);
}

/** A version such as 3.9 as a number that orders them: 3.09. */
function versionNumber(version = "2"): number {
  const [major = 2, minor = 0] = version.split(".").map(Number);
  return major + minor / 100;
}

/** Options of {@linkcode translateModel}. */
export type TranslateOptions = Partial<Pick<TranslationContext, "identity" | "lambdas">>;

/**
 * Translate an architecture as any version of Keras writes it into what TensorFlow.js reads.
 *
 * @param config `{ class_name, config }`.
 * @param name What to call the model in messages.
 * @param kerasVersion The version that wrote it.
 * @param options What else is known of its layers.
 * @throws {ModelError} If a layer is unknown or cannot be had.
 */
export function translateModel(
  config: unknown,
  name: string,
  kerasVersion?: string,
  { identity = [], lambdas }: TranslateOptions = {},
): TranslatedModel {
  const model = config as Json;
  if (typeof model !== "object" || model === null || !isModel(model)) {
    const what = String(model?.class_name ?? "no model");
    throw new ModelError(
      `Cannot open model ${quote(name)}: its class is ${quote(what)}: save a functional or Sequential model`,
    );
  }
  const version = versionNumber(kerasVersion);
  const replaced = new Map<string, number>();
  const assumed = new Set<string>();
  const told = { name, version, isKeras2: version < 3, identity, lambdas };
  const context = { ...told, replaced, assumed, translateInner };
  const modelTopology = translate(model, context, false);
  const noted = [...replaced].map(([what, count]) => ({
    text: count === 1 ? what : `${what} (${count} times)`,
    isAssumed: assumed.has(what),
  }));
  const notes = noted.map(({ text }) => text);
  const assumptions = noted.filter(({ isAssumed }) => isAssumed).map(({ text }) => text);
  return { topology: { modelTopology }, notes, assumptions };
}
