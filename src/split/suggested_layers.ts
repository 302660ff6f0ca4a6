import { findDefaultLayer } from "./default_layer.ts";
import { isInput, isOperation, isSinglePixel, isSpatial } from "./layer_choice.ts";
import type { ExplainableModel, LayerInfo } from "./model.ts";

/** How many layers are worth a look first. */
const mostSuggested = 4;

/** What layers of one resolution have in common, where it can be told. */
function resolutionOf({ stride, outputShape: [, height, width] }: LayerInfo): string | undefined {
  if (stride) return stride.join();
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
  const at = model.layers.findIndex(({ path }) => path === found);
  if (found === undefined || at < 0) return [];
  const suggested = [found];
  const seen = new Set([resolutionOf(model.layers[at]!)]);
  for (const layer of model.layers.slice(0, at).toReversed()) {
    if (!isSpatial(layer) || isInput(layer) || isOperation(layer) || isSinglePixel(layer)) continue;
    const resolution = resolutionOf(layer);
    if (resolution === undefined || seen.has(resolution)) continue;
    seen.add(resolution);
    suggested.push(layer.path);
    if (suggested.length === mostSuggested) break;
  }
  return suggested;
}
