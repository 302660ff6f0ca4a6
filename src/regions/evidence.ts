import { type Heatmap, normalize, resizeHeatmap } from "../base/heatmap.ts";

/**
 * What speaks for the class in a map, 0 to 1: its values with those below zero cut off, from the least to the most; 0 everywhere where
 * nothing does.
 *
 * @param raw The map before it was scaled.
 * @param eps Keeps a flat map from dividing by zero.
 */
export function evidenceOf(raw: Heatmap, eps = 1e-8): Heatmap {
  return { ...raw, data: normalize(raw.data.map((value) => Math.max(value, 0)), eps) };
}

/** The longest side of maps that regions are looked for in, in pixels. */
const finest = 512;

/**
 * The same as finely as regions are looked for, in the shape of what the model sees of a photo.
 *
 * @param raw The map before it was scaled, on the layer's grid.
 * @param shape The height and width of what the model sees, in any unit.
 */
export function fineEvidence(raw: Heatmap, { height, width }: { height: number; width: number }): Heatmap {
  const scale = finest / Math.max(height, width);
  const size = {
    height: Math.max(Math.round(height * scale), 1),
    width: Math.max(Math.round(width * scale), 1),
  };
  return evidenceOf(resizeHeatmap(raw, size));
}
