import { normalize } from "./heatmap.ts";

/**
 * How a raw map becomes one of 0 to 1:
 *
 * - `"range"`: (m − min) / (max − min + eps), so that the least is 0 and the most 1;
 * - `"maximum"`: relu(m) / (max + eps), so that zero stays 0;
 * - `"symmetric"`: 0.5 + m / (2·max|m| + eps), so that zero is the middle.
 */
export type MapScale = "range" | "maximum" | "symmetric";

function largest(map: Float32Array, sizeOf: (value: number) => number): number {
  return map.reduce((most, value) => Math.max(most, sizeOf(value)), 0);
}

const scales: Readonly<Record<MapScale, (map: Float32Array, eps: number) => Float32Array>> = {
  range: normalize,
  maximum(map, eps) {
    const most = largest(map, (value) => value) + eps;
    return map.map((value) => Math.max(value, 0) / most);
  },
  symmetric(map, eps) {
    const range = 2 * largest(map, Math.abs) + eps;
    return map.map((value) => 0.5 + value / range);
  },
};

/** The names of all ways to scale a map. */
export const mapScales: readonly MapScale[] = Object.freeze(Object.keys(scales) as MapScale[]);

/**
 * Scale a raw map to 0 … 1.
 *
 * @param map The raw values, any range.
 * @param scale How.
 * @param eps Added to what is divided by, so that a flat map does not divide by zero.
 */
export function scaleMap(map: Float32Array, scale: MapScale, eps: number): Float32Array {
  return scales[scale](map, eps);
}

/** Whether there are values below zero and above. */
export function hasBothSigns(map: Float32Array): boolean {
  return map.some((value) => value < 0) && map.some((value) => value > 0);
}
