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

/** How finely values are counted that are no whole numbers, or of too many bits. */
const mostBins = 65_536;

/** How often values occur: of each bin `least + bin · width`, and up to the next. */
interface Counts {
  readonly bins: Uint32Array;
  readonly least: number;
  readonly width: number;
}

/** The values that can be seen and are numbers, in steps of a picture's colours; opacity is none. */
function count(samples: Samples, { least, width }: Omit<Counts, "bins">, length: number): Counts {
  const { values, channels } = samples;
  const colors = colorsOf(samples);
  const isVisible = visibilityOf(samples);
  const bins = new Uint32Array(length);
  for (let at = 0; at < values.length; at += channels) {
    if (isVisible && !isVisible(at)) continue;
    for (let place = at; place < at + colors; place++) {
      const bin = Math.floor((values[place]! - least) / width);
      bins[bin]!++; // what is no number, or not finite, has no bin
    }
  }
  return { bins, least, width };
}

/** The smallest and the largest value. */
function findEnds(samples: Samples): { readonly least: number; readonly most: number } {
  const { values, channels } = samples;
  const colors = colorsOf(samples);
  const isVisible = visibilityOf(samples);
  let [least, most] = [Infinity, -Infinity];
  for (let at = 0; at < values.length; at += channels) {
    if (isVisible && !isVisible(at)) continue;
    for (let place = at; place < at + colors; place++) {
      const value = values[place]!;
      if (value < least && value > -Infinity) least = value;
      if (value > most && value < Infinity) most = value;
    }
  }
  return { least, most };
}

/** The first bin, from either end, that is not among the values left out. */
function firstBeyond(bins: Uint32Array, leftOut: number): number {
  let sum = 0;
  return bins.findIndex((count) => (sum += count) > leftOut);
}

/**
 * Find which values a picture has. What is transparent does not count.
 *
 * @param samples The picture as stored.
 * @returns `undefined` where nothing can be seen.
 */
export function findFill(samples: Samples): Fill | undefined {
  const { full: [black, white], isWhole } = samples;
  const isCounted = isWhole && white - black < mostBins; // each value has a bin
  const ends = isCounted ? { least: black, most: white } : findEnds(samples);
  if (!(ends.least <= ends.most)) return undefined;
  const width = isCounted ? 1 : (ends.most - ends.least) / (mostBins - 1) || 1;
  const { bins } = count(samples, { least: ends.least, width }, isCounted ? white - black + 1 : mostBins);
  const leftOut = Math.floor(bins.reduce((sum, count) => sum + count, 0) * apart);
  const fromEnd = bins.toReversed();
  const above = isCounted ? 1 : 0; // a bin of one value ends where it begins
  const lowest = (few: number) => ends.least + firstBeyond(bins, few) * width;
  const highest = (few: number) =>
    Math.min(ends.least + (bins.length - firstBeyond(fromEnd, few) - above) * width, ends.most);
  if (!bins.some((count) => count > 0)) return undefined;
  return {
    least: isCounted ? lowest(0) : ends.least,
    most: isCounted ? highest(0) : ends.most,
    low: lowest(leftOut),
    high: highest(leftOut),
  };
}
