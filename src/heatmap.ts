/** A map over the picture: one value a cell, row by row from the top left. */
export interface Heatmap {
  /** `height` × `width` values, 0 to 1. */
  readonly data: Float32Array;
  /** Cells from top to bottom. */
  readonly height: number;
  /** Cells from left to right. */
  readonly width: number;
}

/**
 * Scale a raw map to 0 … 1: (m − min) / (max − min + eps).
 *
 * @param map The raw values, any range.
 * @param eps Keeps a flat map from dividing by zero.
 */
export function normalize(map: Float32Array, eps: number): Float32Array {
  let min = Infinity;
  let max = -Infinity;
  for (const value of map) {
    if (value < min) min = value;
    if (value > max) max = value;
  }
  // In float32 step by step, as the reference computes it.
  const range = Math.fround(Math.fround(max - min) + Math.fround(eps));
  return map.map((value) => Math.fround(value - min) / range);
}
