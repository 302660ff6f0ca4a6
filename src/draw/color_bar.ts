import type { Heatmap } from "../base/heatmap.ts";
import type { MapScale } from "../base/scaling.ts";
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

/** The map before it was scaled to 0 … 1, whether values below zero were cut off first, and how it was scaled. */
export interface ScaledMap {
  readonly raw: Heatmap;
  readonly relu: boolean;
  /** @default {"range"} */
  readonly scale?: MapScale | undefined;
}

/** The values that the ends of the scale from 0 to 1 stand for, from those of the map, least and most. */
const scaleEnds: Readonly<Record<MapScale, (min: number, max: number) => readonly [number, number]>> = {
  range: (min, max) => [min, max],
  maximum: (_, max) => [0, Math.max(max, 0)],
  symmetric(min, max) {
    const most = Math.max(-min, max);
    return [-most, most];
  },
};

/**
 * The raw values that 0 and 1 of a scaled map stand for: the least and the most that are numbers; of a map scaled by its
 * maximum zero and the most, and of a symmetric one ± the furthest from zero.
 *
 * @returns Infinite ones where no value is a number.
 */
export function endsOf({ raw, relu, scale = "range" }: ScaledMap): readonly [low: number, high: number] {
  let [min, max] = [Infinity, -Infinity];
  for (const value of raw.data) {
    if (!Number.isFinite(value)) continue;
    min = Math.min(min, relu ? Math.max(value, 0) : value);
    max = Math.max(max, relu ? Math.max(value, 0) : value);
  }
  return min > max ? [min, max] : scaleEnds[scale](min, max);
}

/**
 * Where the zero of a raw map lies on the scale from 0 to 1: −low / (high − low) of its ends. What is above speaks for the
 * class, what is below against it.
 *
 * @returns `undefined` where there is none: all values are on one side of it, or the map is flat.
 */
export function zeroOf(map: ScaledMap): number | undefined {
  const [low, high] = endsOf(map);
  return high > low && low <= 0 && high >= 0 ? (0 - low) / (high - low) : undefined;
}

/**
 * What stands beside the bar: its ends and, where it is known and inside, the zero of the map.
 *
 * @param map The map before it was scaled; unknown if left out.
 * @param spacing How near words may come to each other, as a part of the bar.
 */
export function barLabels(map: ScaledMap | undefined, spacing: number): BarLabel[] {
  const zero = map && zeroOf(map);
  const least = map?.scale === "symmetric" ? "−max" : "min";
  const ends = [{ text: "max", at: 1, isTick: false }, { text: least, at: 0, isTick: false }];
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
