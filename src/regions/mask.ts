import type { Heatmap } from "../base/heatmap.ts";
import { findThreshold, type ThresholdName } from "./mod.ts";

/** How a map becomes a mask. */
export interface MaskOptions {
  /**
   * The threshold, as in the registry of thresholds.
   * @default {"maximum"}
   */
  readonly threshold?: ThresholdName | undefined;
  /**
   * The threshold's number: a part of the maximum, or a quantile.
   * @default {the threshold's own: 0.15 of the maximum, the 0.9 quantile}
   */
  readonly level?: number | undefined;
}

/** The pixels of a map that belong to its region. */
export interface PixelMask {
  /** Rows. */
  readonly height: number;
  /** Columns. */
  readonly width: number;
  /** `height` × `width` values, row by row: 1 or 0. */
  readonly data: Uint8Array;
}

/**
 * The pixels of a map whose values reach a threshold. A map that is the same everywhere, or has nothing above zero, has none.
 *
 * @param map The map, any range.
 * @throws {RangeError} If there is no such threshold, or it takes no level.
 */
export function maskOf(map: Heatmap, { threshold = "maximum", level }: MaskOptions = {}): PixelMask {
  const { valueOf, level: usual } = findThreshold(threshold);
  if (level !== undefined && usual === undefined) {
    throw new RangeError(`Cannot use level ${level} with ${threshold}: it finds the value itself`);
  }
  if (level !== undefined && !(level >= 0 && level <= 1)) {
    throw new RangeError(`Cannot use level ${level}: use a number from 0 to 1`);
  }
  const { height, width } = map;
  const least = map.data.reduce((a, b) => Math.min(a, b), Infinity);
  const most = map.data.reduce((a, b) => Math.max(a, b), -Infinity);
  const data = new Uint8Array(height * width);
  if (!(most > least) || !(most > 0)) return { height, width, data };
  const value = valueOf(map, level ?? usual ?? 0);
  map.data.forEach((own, pixel) => data[pixel] = own >= value && own > least ? 1 : 0);
  return { height, width, data };
}
