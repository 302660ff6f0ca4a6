import type { Heatmap } from "../base/heatmap.ts";
import type { RgbaImage } from "../input/image/types.ts";
import type { Colormap } from "./colormaps/mod.ts";

/** A word beside the bar of colours. */
export interface BarLabel {
  readonly text: string;
  /** Where, from 0 at the bottom to 1 at the top. */
  readonly at: number;
  /** Whether the bar has a mark there. */
  readonly isTick: boolean;
}

/** The map before it was scaled to 0 … 1, and whether values below zero were cut off first. */
export interface ScaledMap {
  readonly raw: Heatmap;
  readonly relu: boolean;
}

/**
 * Where the zero of a raw map lies on the scale from 0 to 1: −min / (max − min). What is above speaks for the class, what
 * is below against it.
 *
 * @returns `undefined` where there is none: all values are on one side of it, or the map is flat.
 */
export function zeroOf({ raw, relu }: ScaledMap): number | undefined {
  let [min, max] = [Infinity, -Infinity];
  for (const value of raw.data) {
    if (!Number.isFinite(value)) continue;
    min = Math.min(min, relu ? Math.max(value, 0) : value);
    max = Math.max(max, relu ? Math.max(value, 0) : value);
  }
  return max > min && min <= 0 && max >= 0 ? (0 - min) / (max - min) : undefined;
}

/**
 * What stands beside the bar: its ends and, where it is known and inside, the zero of the map.
 *
 * @param map The map before it was scaled; unknown if left out.
 * @param spacing How near words may come to each other, as a part of the bar.
 */
export function barLabels(map: ScaledMap | undefined, spacing: number): BarLabel[] {
  const zero = map && zeroOf(map);
  const ends = [{ text: "max", at: 1, isTick: false }, { text: "min", at: 0, isTick: false }];
  if (zero === undefined) return ends;
  const isClear = ends.filter(({ at }) => Math.abs(at - zero) >= spacing); // an end gives way to the zero beside it
  const sides = [
    { text: "for", at: (1 + zero) / 2, isTick: false },
    { text: "against", at: zero / 2, isTick: false },
  ].filter(({ at }) => Math.min(Math.abs(at - zero), at, 1 - at) >= spacing);
  return [...isClear, ...sides, { text: "0", at: zero, isTick: zero > 0 && zero < 1 }];
}

/** The bar of colours, the highest at the top. */
export function drawBar(
  { colors }: Colormap,
  { height, width }: { height: number; width: number },
): RgbaImage {
  const data = new Uint8ClampedArray(height * width * 4);
  for (let y = 0; y < height; y++) {
    const index = Math.round(255 * (1 - y / Math.max(height - 1, 1))) * 3;
    for (let x = 0; x < width; x++) {
      data.set([...colors.subarray(index, index + 3), 255], (y * width + x) * 4);
    }
  }
  return { data, height, width };
}
