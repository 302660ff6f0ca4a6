import { colorsOf, type Samples, type SampleValues, visibilityOf } from "./samples.ts";

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

/** How values are counted: of each bin `least + bin · width`, and up to the next. */
interface Bins {
  readonly least: number;
  readonly most: number;
  readonly width: number;
  readonly length: number;
  /** Whether each value has a bin of its own. */
  readonly isCounted: boolean;
}

/** Calls for each pixel that can be seen; opacity is no colour. */
function seenIn(samples: Samples): (values: SampleValues, see: (value: number) => void) => void {
  const { channels } = samples;
  const colors = colorsOf(samples);
  const isVisible = visibilityOf(samples);
  return (values, see) => {
    for (let at = 0; at < values.length; at += channels) {
      if (isVisible && !isVisible(values, at)) continue;
      for (let place = at; place < at + colors; place++) see(values[place]!);
    }
  };
}

/** The smallest and the largest value. */
async function findEnds(samples: Samples): Promise<Pick<Bins, "least" | "most">> {
  const look = seenIn(samples);
  let [least, most] = [Infinity, -Infinity];
  for await (const { values } of samples.runs()) {
    look(values, (value) => {
      if (value < least && value > -Infinity) least = value;
      if (value > most && value < Infinity) most = value;
    });
  }
  return { least, most };
}

/** The first bin, from either end, that is not among the values left out. */
function firstBeyond(bins: Uint32Array, leftOut: number): number {
  let sum = 0;
  return bins.findIndex((count) => (sum += count) > leftOut);
}

async function binsOf(samples: Samples): Promise<Bins> {
  const { full: [black, white], isWhole } = samples;
  if (isWhole && white - black < mostBins) {
    return { least: black, most: white, width: 1, length: white - black + 1, isCounted: true };
  }
  const { least, most } = await findEnds(samples);
  return { least, most, width: (most - least) / (mostBins - 1) || 1, length: mostBins, isCounted: false };
}

/** Finds which values a picture has. What is transparent does not count. */
export interface FillFinder {
  /** Take values of the picture, before they are changed. */
  take(values: SampleValues): void;
  /** What was found, when all values have come; `undefined` where nothing can be seen. */
  finish(): Fill | undefined;
}

function fillOf(counts: Uint32Array, { least, most, width, isCounted }: Bins): Fill | undefined {
  if (!counts.some((count) => count > 0)) return undefined;
  const leftOut = Math.floor(counts.reduce((sum, count) => sum + count, 0) * apart);
  const fromEnd = counts.toReversed();
  const above = isCounted ? 1 : 0; // a bin of one value ends where it begins
  const lowest = (few: number) => least + firstBeyond(counts, few) * width;
  const highest = (few: number) =>
    Math.min(least + (counts.length - firstBeyond(fromEnd, few) - above) * width, most);
  return {
    least: isCounted ? lowest(0) : least,
    most: isCounted ? highest(0) : most,
    low: lowest(leftOut),
    high: highest(leftOut),
  };
}

/**
 * Begin to find which values a picture has. Those that cannot be counted one by one are read once for it.
 *
 * @param samples The picture as stored.
 */
export async function findFill(samples: Samples): Promise<FillFinder> {
  const bins = await binsOf(samples);
  const { least, most, width, length } = bins;
  const counts = new Uint32Array(length);
  const look = seenIn(samples);
  return {
    take(values) {
      look(values, (value) => {
        counts[Math.floor((value - least) / width)]!++; // what is no number, or not finite, has no bin
      });
    },
    finish: () => least <= most ? fillOf(counts, bins) : undefined,
  };
}
