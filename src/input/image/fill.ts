import { colorsOf, type Samples, visibilityOf } from "./samples.ts";

/** Which of its values a picture has, in its own units. */
export interface Fill {
  /** The smallest value, of all colours together. */
  readonly least: number;
  /** The largest. */
  readonly most: number;
  /** The smallest value, but for a few that lie apart. */
  readonly low: number;
  /** The largest, likewise. */
  readonly high: number;
}

/** How many values may lie apart at either end: a scan's hot pixels, or the letters written on it. */
const apart = 0.001;

/** How finely values are counted that have no whole numbers, or too many. */
const mostBins = 65_536;

/** Call a function with each value that can be seen and is a number; opacity is none. */
function forValues(samples: Samples, use: (value: number) => void): void {
  const { values, channels } = samples;
  const colors = colorsOf(samples);
  const isVisible = visibilityOf(samples);
  for (let at = 0; at < values.length; at += channels) {
    if (isVisible && !isVisible(at)) continue;
    for (let place = at; place < at + colors; place++) {
      const value = values[place]!;
      if (Math.abs(value) < Infinity) use(value);
    }
  }
}

/** The first bin of a histogram that is not among those left out. */
function firstBeyond(bins: ArrayLike<number>, leftOut: number): number {
  let count = 0;
  for (let bin = 0; bin < bins.length; bin++) {
    count += bins[bin]!;
    if (count > leftOut) return bin;
  }
  return bins.length - 1;
}

/**
 * Find which values a picture has. What is transparent does not count.
 *
 * @param samples The picture as stored.
 * @returns `undefined` where nothing can be seen.
 */
export function findFill(samples: Samples): Fill | undefined {
  let [least, most, count] = [Infinity, -Infinity, 0];
  forValues(samples, (value) => {
    if (value < least) least = value;
    if (value > most) most = value;
    count++;
  });
  if (count === 0) return undefined;
  const spread = most - least;
  const isExact = samples.isWhole && spread < mostBins;
  const width = isExact ? 1 : spread / (mostBins - 1) || 1; // of a bin
  const bins = new Uint32Array(isExact ? spread + 1 : mostBins);
  forValues(samples, (value) => void bins[Math.floor((value - least) / width)]!++);
  const leftOut = Math.floor(count * apart);
  const low = least + firstBeyond(bins, leftOut) * width;
  const fromEnd = firstBeyond(bins.toReversed(), leftOut);
  const high = Math.min(least + (bins.length - fromEnd - (isExact ? 1 : 0)) * width, most);
  return { least, most, low, high };
}
