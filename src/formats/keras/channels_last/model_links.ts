import { type Json, translateInbound, translateReference } from "../inbound.ts";
import type { ValueReference } from "./references.ts";

/** Classes of models, whose layers are looked into. */
const modelClasses = new Set(["Functional", "Model", "Pipeline", "Sequential"]);

export function isModel({ class_name: className }: Json): boolean {
  return modelClasses.has(String(className));
}

export function isSequence({ class_name: className }: Json): boolean {
  return className === "Sequential" || className === "Pipeline";
}

/** The layers that a model lists; old Sequential models are a bare list. */
export function layersOf({ config }: Json): readonly Json[] {
  return (Array.isArray(config) ? config : (config as Json).layers) as readonly Json[];
}

export function nameOf(layer: Json): string {
  return String((layer.config as Json | undefined)?.name ?? layer.name);
}

/** What stands for the input of a sequence that begins with no layer of its own for it. */
export const sequenceInput = "";

/** The layers that stand for a model's inputs, in the order in which a call gives them. */
export function inputsOf(model: Json): string[] {
  if (!isSequence(model)) {
    return referencesIn((model.config as Json).input_layers).map(([layer]) => layer);
  }
  const [first] = layersOf(model);
  return [first?.class_name === "InputLayer" ? nameOf(first) : sequenceInput];
}

/** The values that a model gives. */
export function outputsOf(model: Json): ValueReference[] {
  if (!isSequence(model)) return referencesIn((model.config as Json).output_layers);
  const last = layersOf(model).at(-1);
  return last ? [[nameOf(last), 0, 0]] : [];
}

function referencesIn(value: unknown): ValueReference[] {
  return translateReference(value, new Set(), true) as unknown as ValueReference[];
}

/** What each use of a layer takes. */
export function usesOf(layer: Json): readonly (readonly ValueReference[])[] {
  return translateInbound(layer, new Set()).nodes.map((node) =>
    node.map(([name, use, output]): ValueReference => [name, use, output])
  );
}

/** What takes the output of a layer: which layer, and as which of its inputs. */
export interface Taker {
  readonly layer: Json;
  readonly index: number;
}

/** What takes the outputs of a model's layers, by name. */
export function takersIn(model: Json): ReadonlyMap<string, readonly Taker[]> {
  const takers = new Map<string, Taker[]>();
  const note = (name: string, taker: Taker) => takers.set(name, [...takers.get(name) ?? [], taker]);
  if (isSequence(model)) {
    const first = inputsOf(model)[0]!;
    const layers = layersOf(model).filter((layer) => nameOf(layer) !== first);
    const givers = [first, ...layers.map(nameOf)];
    layers.forEach((layer, at) => note(givers[at]!, { layer, index: 0 }));
    return takers;
  }
  for (const layer of layersOf(model)) {
    for (const use of usesOf(layer)) use.forEach(([name], index) => note(name, { layer, index }));
  }
  return takers;
}
