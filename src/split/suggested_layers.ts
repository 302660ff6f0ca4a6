import { findDefaultLayer } from "./default_layer.ts";
import { isInput, isOperation, isSinglePixel, isSpatial, mapSize } from "./layer_choice.ts";
import type { ExplainableModel, LayerInfo } from "./model.ts";

/** How many layers are worth a look first. */
const mostSuggested = 4;

/** What layers of one resolution have in common, where it can be told. */
function resolutionOf(layer: LayerInfo): string | undefined {
  if (layer.stride) return layer.stride.join();
  const [height, width] = mapSize(layer);
  return typeof height === "number" && typeof width === "number" ? `${height} × ${width}` : undefined;
}

/**
 * The layers that are worth a look first: the one that is taken where none is named, and before it the last of each finer
 * resolution, finest last.
 *
 * @returns Paths, at most four; none where the model has no layer with a 4-D output.
 */
export function suggestLayers(model: ExplainableModel): string[] {
  const found = findDefaultLayer(model);
  return found === undefined ? [] : withFinerLayers(model, found);
}

/**
 * A layer, and before it the last of each finer resolution, finest last.
 *
 * @param path The layer's full path.
 * @returns Paths, at most four; none where the model does not list the layer.
 */
export function withFinerLayers({ layers }: Pick<ExplainableModel, "layers">, path: string): string[] {
  const at = layers.findIndex((layer) => layer.path === path);
  if (at < 0) return [];
  const suggested = [path];
  const seen = new Set([resolutionOf(layers[at]!)]);
  // Beside tokens there are matrices of attention, which have four axes too and lie nowhere on the picture.
  const mustBeTraced = layers[at]!.stride !== undefined && layers.some(({ tokens }) => tokens);
  for (const layer of layers.slice(0, at).toReversed()) {
    if (!isSpatial(layer) || isInput(layer) || isOperation(layer) || isSinglePixel(layer)) continue;
    if (mustBeTraced && !layer.stride) continue;
    const resolution = resolutionOf(layer);
    if (resolution === undefined || seen.has(resolution)) continue;
    seen.add(resolution);
    suggested.push(layer.path);
    if (suggested.length === mostSuggested) break;
  }
  return suggested;
}
