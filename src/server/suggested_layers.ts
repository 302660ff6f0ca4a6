import { isInput, isOperation, isSinglePixel, isSpatial } from "../split/layer_choice.ts";
import type { LayerInfo } from "../split/model.ts";

/** How many layers are suggested at most. */
const mostSuggested = 4;

/** How fine the maps of a layer are; the same for those of one resolution. */
function resolutionOf({ outputShape: [, height, width], stride }: LayerInfo): string {
  return height === null || width === null ? `${stride}` : `${height} × ${width}`;
}

/**
 * The layers that are worth a look first: the last of each resolution, the coarsest first, since that is the one nearest to
 * the scores.
 *
 * @param layers All layers in the order of the model.
 * @param first The layer that is taken where none is named, which comes first.
 */
export function suggestLayers(layers: readonly LayerInfo[], first: string | null): string[] {
  const spatial = layers.filter((layer) => isSpatial(layer) && !isInput(layer) && !isSinglePixel(layer));
  const named = spatial.filter((layer) => !isOperation(layer));
  const start = spatial.find(({ path }) => path === first);
  const last = new Map<string, string>();
  if (start) last.set(resolutionOf(start), start.path);
  for (const layer of named.toReversed()) {
    const resolution = resolutionOf(layer);
    if (!last.has(resolution)) last.set(resolution, layer.path);
  }
  return [...last.values()].slice(0, mostSuggested);
}
