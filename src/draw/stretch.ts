import type { Heatmap } from "../base/heatmap.ts";
import type { MapScale } from "../base/scaling.ts";

/** Maps of more cells than this are of pixels. */
const mostCells = 4096;

/** Which part of a map of pixels is drawn in the last colours, all alike. */
const outliers = 0.01;

/** The value that so large a part of the values is above. */
function quantile(values: Float32Array, part: number): number {
  const sorted = values.toSorted();
  return sorted[Math.floor((sorted.length - 1) * (1 - part))]!;
}

/**
 * A map as it is drawn. Of gradients at the pixels a few are many times as large as all others, of which nothing would be
 * seen: so the uppermost hundredth of a map of pixels is drawn alike. A map of a layer's cells stays as it is.
 *
 * @param heatmap The map, 0 to 1.
 * @param scale How it was scaled: of a symmetric one the distance from its middle counts.
 */
export function stretch(heatmap: Heatmap, scale: MapScale | undefined): Heatmap {
  const { data } = heatmap;
  if (data.length <= mostCells) return heatmap;
  const middle = scale === "symmetric" ? 0.5 : 0;
  const limit = quantile(data.map((value) => Math.abs(value - middle)), outliers);
  if (!(limit > 0 && limit < 1 - middle)) return heatmap;
  const factor = (1 - middle) / limit;
  return {
    ...heatmap,
    data: data.map((value) => Math.min(Math.max(middle + (value - middle) * factor, 0), 1)),
  };
}
