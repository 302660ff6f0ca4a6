import type { Json } from "../inbound.ts";
import { layersOfLambda } from "./translate_lambda.ts";

/** Where a layer takes what it is given from. */
type Reference = readonly [layer: string, use: number, output: number, more: Json];

/** Layers one after another in the place of one: each use of the first takes what that took. */
function inGraph(layer: Json): Json[] {
  const layers = layersOfLambda(layer);
  if (!layers) return [layer];
  const nodes = layer.inbound_nodes as readonly (readonly Reference[])[];
  return layers.map((link, index) => {
    const before = index === 0 ? undefined : (layers[index - 1]!.config as Json).name;
    return {
      ...link,
      name: (link.config as Json).name,
      inbound_nodes: before === undefined ? nodes : nodes.map((_, use) => [[before, use, 0, {}]]),
    };
  });
}

/**
 * Put layers of their own in the place of each Lambda layer whose function is one operation after another: only so can be
 * told what a model does to its pixels.
 *
 * @param model A translated model; those inside it are gone through too.
 */
export function unfoldLambdas(model: Json): Json {
  const config = model.config as Json;
  if (!Array.isArray(config.layers)) return model;
  const isSequence = model.class_name === "Sequential";
  const layers = (config.layers as Json[]).flatMap((layer) => {
    if (Array.isArray((layer.config as Json).layers)) return [{ ...layer, ...unfoldLambdas(layer) }];
    return isSequence ? layersOfLambda(layer) ?? [layer] : inGraph(layer);
  });
  return { ...model, config: { ...config, layers } };
}
