import { constantOf, isDictionary, isHistory, isKerasTensor, type Json, mapSorted } from "../inbound.ts";

/** A value: the layer that gives it, which of its uses, and which of its outputs. */
export type ValueReference = readonly [layer: string, use: number, output: number];

/** What is taken in the place of a value; its place among a layer's inputs is counted as `translateInbound` does. */
export type Replace = (value: ValueReference, index: number) => ValueReference;

function asValue([layer, use, output]: readonly unknown[]): ValueReference {
  return [String(layer), Number(use), Number(output)];
}

/** A use of a layer as Keras 3 writes it, with other values taken. */
function replaceIn3(node: { args?: unknown[]; kwargs?: Json }, replace: Replace): unknown {
  let index = 0;
  function map(value: unknown): unknown {
    if (isKerasTensor(value)) {
      const { config } = value;
      return {
        ...value,
        config: { ...config, keras_history: replace(asValue(config.keras_history), index++) },
      };
    }
    if (Array.isArray(value)) return value.map(map);
    if (constantOf(value)) return value;
    return isDictionary(value) ? mapSorted(value, map) : value;
  }
  const { args = [], kwargs = {} } = node;
  return {
    ...node,
    args: args.map(map),
    kwargs: Object.fromEntries(Object.entries(kwargs).map(([key, value]) => [key, map(value)])),
  };
}

/** Likewise as Keras 2 writes it. */
function replaceIn2(node: readonly unknown[], replace: Replace): unknown {
  let index = 0;
  function mapNamed(value: unknown): unknown {
    if (isHistory(value)) return replace(value, index++);
    return Array.isArray(value) ? value.map(mapNamed) : value;
  }
  function mapItem(item: readonly unknown[], at: number): unknown {
    const [layer, use, output, kwargs, ...rest] = item;
    const taken = layer === "_CONSTANT_VALUE" ? [layer, use, output] : replace(asValue(item), index++);
    if (item.length < 4) return taken;
    const entries = Object.entries((kwargs ?? {}) as Json);
    const named = at > 0 ? kwargs : Object.fromEntries(entries.map(([key, value]) => [key, mapNamed(value)]));
    return [...taken, named, ...rest];
  }
  if (typeof node[0] === "string") return mapItem(node, 0);
  return node.map((item, at) => mapItem(item as readonly unknown[], at));
}

/** The uses of a layer with other values taken. */
export function replaceReferences(nodes: readonly unknown[], replace: Replace): unknown[] {
  return nodes.map((node) =>
    Array.isArray(node)
      ? replaceIn2(node, replace)
      : replaceIn3(node as { args?: unknown[]; kwargs?: Json }, replace)
  );
}

/** A use of a layer that takes one value, in the writing of a model's other layers. */
export function useOf(value: ValueReference, isKeras3: boolean): unknown {
  if (!isKeras3) return [[...value, {}]];
  return { args: [{ class_name: "__keras_tensor__", config: { keras_history: value } }], kwargs: {} };
}
