/**
 * Architectures as people repair them, for TensorFlow.js to open what another version of Keras wrote: keys spelled as in
 * JavaScript, lists around what is no list, uses of nested models counted from 0. What Keras itself writes stays as it is.
 *
 * @module
 */
import type { Json } from "./inbound.ts";

/** A key as Python spells it. */
function snake(key: string): string {
  return /^[a-z][a-z0-9]*([A-Z][a-z0-9]*)+$/.test(key)
    ? key.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
    : key;
}

function isRecord(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What holds names of a user's own as keys, or is read elsewhere. */
const ownKeys = new Set(["input_layers", "output_layers", "kwargs", "build_config", "compile_config"]);

/** An object and all inside it with keys as Python spells them; a key that is there already wins. */
function inSnakeCase(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inSnakeCase);
  if (!isRecord(value)) return value;
  const entries = Object.entries(value).map(([key, item]): [string, unknown] => {
    const spelled = snake(key);
    if (spelled === "kwargs" && isRecord(item)) {
      return [
        spelled,
        Object.fromEntries(Object.entries(item).map(([name, one]) => [name, inSnakeCase(one)])),
      ];
    }
    return [spelled, ownKeys.has(spelled) ? item : inSnakeCase(item)];
  });
  return { ...Object.fromEntries(entries), ...ownSpelling(value, entries) };
}

/** The keys that were spelled so in the first place. */
function ownSpelling(value: Json, entries: readonly [string, unknown][]): Json {
  return Object.fromEntries(entries.filter(([key]) => Object.hasOwn(value, key)));
}

/** Whether a value is a use of a layer as Keras 3 writes it, `{ args, kwargs }`. */
function isUse(value: unknown): boolean {
  return isRecord(value) && (Array.isArray(value.args) || isRecord(value.kwargs));
}

/** The uses of a layer without the lists that were put around those of Keras 3. */
function withoutLists(node: unknown): unknown[] {
  if (!Array.isArray(node)) return [node];
  const inside = node.flat(Infinity);
  return inside.length > 0 && inside.every(isUse) ? inside : [node];
}

/** A use of a layer as Keras 2 writes it, in a node or where a model ends: `["layer", use, output]`. */
function isReference(value: unknown): value is [string, number, number, ...unknown[]] {
  return Array.isArray(value) && typeof value[0] === "string" && typeof value[1] === "number";
}

function isModel({ config }: Json): boolean {
  return Array.isArray((config as Json | undefined)?.layers) || Array.isArray(config);
}

function nameOf(layer: Json): string {
  return String((layer.config as Json | undefined)?.name ?? layer.name);
}

/** The nested models of whose uses one is counted as 0, which is their own making. */
function countedFromZero(layers: readonly Json[]): ReadonlySet<string> {
  const nested = new Set(layers.filter(isModel).map(nameOf));
  const found = new Set<string>();
  function look(value: unknown): void {
    if (isReference(value)) {
      if (value[1] === 0 && nested.has(value[0])) found.add(value[0]);
    } else if (Array.isArray(value)) value.forEach(look);
  }
  for (const { inbound_nodes: nodes } of layers) look(nodes);
  return found;
}

/** References with the uses of some layers counted from 1. */
function countedFromOne(value: unknown, layers: ReadonlySet<string>): unknown {
  if (isReference(value)) {
    const [layer, use, ...rest] = value;
    return layers.has(layer) ? [layer, use + 1, ...rest] : value;
  }
  return Array.isArray(value) ? value.map((item) => countedFromOne(item, layers)) : value;
}

/** Where a model ends, with a nested model's first use counted as 1. */
function endsCounted(value: unknown, layers: ReadonlySet<string>): unknown {
  if (isReference(value)) return value[1] === 0 ? countedFromOne(value, layers) : value;
  if (Array.isArray(value)) return value.map((item) => endsCounted(item, layers));
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, endsCounted(item, layers)]));
}

/** The shape of an input, which some write without the number of pictures. */
function withBatch(config: Json): Json {
  const { input_shape: shape, ...rest } = config;
  const isKnown = config.batch_input_shape !== undefined || config.batch_shape !== undefined;
  return isKnown || !Array.isArray(shape) ? config : { ...rest, batch_input_shape: [null, ...shape] };
}

const dataFormats: Readonly<Record<string, string>> = {
  channelsFirst: "channels_first",
  channelsLast: "channels_last",
};

/** A layer's settings in Keras's spelling, those of what it wraps too. */
function respelled(config: Json): Json {
  const { data_format: format, layer, backward_layer: backward } = config;
  return {
    ...withBatch(config),
    ...(typeof format === "string" && { data_format: dataFormats[format] ?? format }),
    ...(isRecord(layer) && { layer: respellLayer(layer) }),
    ...(isRecord(backward) && { backward_layer: respellLayer(backward) }),
  };
}

function respellLayer(layer: Json): Json {
  if (isModel(layer)) return respellModel(layer);
  const config = isRecord(layer.config) ? { config: respelled(layer.config) } : {};
  if (!Array.isArray(layer.inbound_nodes)) return { ...layer, ...config };
  return { ...layer, ...config, inbound_nodes: layer.inbound_nodes.flatMap(withoutLists) };
}

function respellModel(model: Json): Json {
  const { config, inbound_nodes: nodes } = model;
  const own = Array.isArray(nodes) ? { inbound_nodes: nodes.flatMap(withoutLists) } : {};
  if (Array.isArray(config)) return { ...model, ...own, config: config.map(respellLayer) };
  const settings = config as Json;
  const layers = (settings.layers as readonly Json[]).map(respellLayer);
  // Keras 3 counts the uses in its own objects from 0, and they are read so.
  const isKeras3 = layers.some(({ inbound_nodes: nodes }) => Array.isArray(nodes) && nodes.some(isUse));
  const fromZero = isKeras3 ? new Set<string>() : countedFromZero(layers);
  const { input_layers: inputs, output_layers: outputs } = settings;
  const nested = isKeras3 ? new Set<string>() : new Set(layers.filter(isModel).map(nameOf));
  return {
    ...model,
    ...own,
    config: {
      ...settings,
      layers: fromZero.size === 0 ? layers : layers.map((layer) => ({
        ...layer,
        inbound_nodes: countedFromOne(layer.inbound_nodes, fromZero),
      })),
      ...(inputs !== undefined && { input_layers: inputs }),
      ...(outputs !== undefined && { output_layers: endsCounted(outputs, nested) }),
    },
  };
}

/** Keys as JavaScript spells them. */
const camelKey = /"[a-z][a-z0-9]*(?:[A-Z][a-z0-9]*)+":/;

/** What else may have to be put right: lists around uses, shapes without the number of pictures, nested models. */
const repairs = /\[\[\{"(?:kw)?args":|(?<!"build_config":\{)"input_shape":\[|"layers":.*"layers":/s;

/**
 * An architecture in Keras's own spelling.
 *
 * @param model `{ class_name, config }`, however its keys are spelled.
 * @param text The same as JSON, which is looked through faster.
 */
export function inOneSpelling(model: Json, text: string): Json {
  const isCamel = camelKey.test(text);
  if (!isCamel && !repairs.test(text)) return model;
  const spelled = isCamel ? inSnakeCase(model) as Json : model;
  return isModel(spelled) ? respellModel(spelled) : spelled;
}
