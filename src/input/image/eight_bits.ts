import { fillWarnings } from "./fill_warnings.ts";
import { findFill } from "./fill.ts";
import type { DecodedPixels } from "./format.ts";
import { orient } from "./orientation.ts";
import type { ValueRange } from "./range.ts";
import { colorsOf, type Samples, visibilityOf } from "./samples.ts";

/** A way from a picture's values to 0 … 255; what is beyond is cut off where it is stored. */
type Scaling = (value: number) => number;

/** Whole numbers of more bits lose the lower ones, as in Pillow; numbers of 0 … 1 are rounded. */
function inFull({ full: [low, high], isWhole }: Samples): Scaling {
  if (!isWhole) return (value) => (value - low) / (high - low) * 255;
  const step = (high - low + 1) / 256;
  return (value) => Math.floor((value - low) / step);
}

/** A window: `low` and what is below it becomes 0, `high` and what is above it 255. */
function windowed([low, high]: readonly [number, number]): Scaling {
  return (value) => (value - low) * 255 / (high - low);
}

/** The same with the lowest value white. */
function inverted(scaling: Scaling): Scaling {
  return (value) => 255 - Math.min(Math.max(Math.round(scaling(value)), 0), 255);
}

/** What becomes of each whole number of up to 16 bits, counted from the lowest; all at once, since pixels are many. */
function tableOf({ full: [low, high], isWhole }: Samples, scaling: Scaling): Uint8ClampedArray | undefined {
  if (!isWhole || high - low >= 65_536) return undefined;
  return Uint8ClampedArray.from({ length: high - low + 1 }, (_, at) => scaling(low + at));
}

function toPixels(samples: Samples, scaling: Scaling): Uint8ClampedArray {
  const [{ full: [low] }, table] = [samples, tableOf(samples, scaling)];
  if (table) return place(samples, (value) => table[value - low]!);
  return place(samples, scaling);
}

/** Pixels of 8 bits, each colour as it is scaled. */
function place(samples: Samples, scaling: Scaling): Uint8ClampedArray {
  const { values, channels, height, width } = samples;
  const colors = colorsOf(samples);
  const isVisible = visibilityOf(samples);
  const opacity = inFull(samples); // which is never stretched
  const data = new Uint8ClampedArray(height * width * 4);
  for (let from = 0, to = 0; to < data.length; from += channels, to += 4) {
    data[to] = scaling(values[from]!);
    data[to + 1] = colors === 1 ? data[to]! : scaling(values[from + 1]!);
    data[to + 2] = colors === 1 ? data[to]! : scaling(values[from + 2]!);
    if (channels > colors) data[to + 3] = opacity(values[from + colors]!);
    else data[to + 3] = isVisible && !isVisible(from) ? 0 : 255;
  }
  return data;
}

/** The values that become black and white where `"auto"` is asked for; none where all are the same. */
function limitsFor(range: ValueRange | undefined, fill: ReturnType<typeof findFill>) {
  if (range !== "auto") return range;
  return fill && fill.least < fill.most ? [fill.least, fill.most] as const : undefined;
}

/** A picture of 8 bits as what is stored. */
export function asSamples(image: DecodedPixels): Samples {
  const { data, height, width, isReduced = false, warnings = [] } = image;
  return { values: data, channels: 4, height, width, full: [0, 255], isWhole: true, isReduced, warnings };
}

/**
 * Bring a picture to 8 bits, upright: in full, or a range of its values. Opacity is left as it is.
 *
 * @param samples The picture as stored.
 * @param range Which values become black and white, instead of those that its format says.
 * @returns The picture, with a warning where little would be seen of it.
 */
export function toEightBits(samples: Samples, range?: ValueRange): DecodedPixels {
  const { height, width, full: [low, high], isWhole, isReduced = false } = samples;
  const { isInverted = false, orientation = 1 } = samples;
  const isDeep = !isWhole || isReduced || high - low > 255;
  const fill = isDeep || range !== undefined ? findFill(samples) : undefined;
  const limits = limitsFor(range, fill);
  const scaling = limits ? windowed(limits) : inFull(samples);
  const data = toPixels(samples, isInverted ? inverted(scaling) : scaling);
  const warnings = fill ? fillWarnings(fill, samples, range && limits) : [];
  return {
    ...orient({ data, height, width }, orientation),
    warnings: [...samples.warnings ?? [], ...warnings],
  };
}
