import { fillWarnings } from "./fill_warnings.ts";
import { type Fill, findFill } from "./fill.ts";
import type { StoredPixels } from "./orientation.ts";
import type { ValueRange } from "./range.ts";
import { colorsOf, type SampleRun, type Samples, visibilityOf } from "./samples.ts";
import { type PictureRows, readStored, rowsAtOnce } from "./rows.ts";
import type { RgbaImage } from "./types.ts";

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

/** Puts values into the picture of 8 bits. */
type Put = (run: SampleRun, pixels: StoredPixels) => void;

function putScaled(samples: Samples, scaling: Scaling): Put {
  const { full: [low], channels } = samples;
  const table = tableOf(samples, scaling);
  const scaled = table ? (value: number) => table[value - low]! : scaling;
  const colors = colorsOf(samples);
  const isVisible = visibilityOf(samples);
  const opacity = inFull(samples); // which is never stretched
  return ({ y, left, across, values }, { data, width, channels: step }) => {
    let to = (y * width + left) * step;
    for (let from = 0; from < values.length; from += channels, to += across * step) {
      const isSeen = !isVisible || isVisible(values, from); // which is known before it is overwritten
      data[to] = scaled(values[from]!);
      if (step === 1) continue;
      data[to + 1] = colors === 1 ? data[to]! : scaled(values[from + 1]!);
      data[to + 2] = colors === 1 ? data[to]! : scaled(values[from + 2]!);
      if (step === 3) continue;
      if (channels > colors) data[to + 3] = opacity(values[from + colors]!);
      else data[to + 3] = isSeen ? 255 : 0;
    }
  };
}

/** The values that become black and white where `"auto"` is asked for; none where all are the same. */
function limitsFor(range: ValueRange | undefined, fill: Fill | undefined) {
  if (range !== "auto") return range;
  return fill && fill.least < fill.most ? [fill.least, fill.most] as const : undefined;
}

/** A picture of 8 bits as what is stored. */
export function asSamples(
  image: RgbaImage & Pick<Samples, "isReduced" | "warnings">,
): Samples {
  const { data, height, width, isReduced = false, warnings = [] } = image;
  return {
    *runs() {
      for (let y = 0; y < height; y++) {
        yield { y, left: 0, across: 1, values: data.subarray(y * width * 4, (y + 1) * width * 4) };
      }
    },
    channels: 4,
    height,
    width,
    full: [0, 255],
    isWhole: true,
    isReduced,
    warnings,
  };
}

/** Whether a picture's values are looked at before or while they are brought to 8 bits. */
function isLookedAt({ full: [low, high], isWhole, isReduced = false }: Samples, range?: ValueRange): boolean {
  return range !== undefined || !isWhole || isReduced || high - low > 255;
}

/** Rows as they come, of a picture of which nothing else need be known. */
function passRows(samples: Samples): PictureRows {
  const { height, width, isInverted = false } = samples;
  const scaling = inFull(samples);
  const put = putScaled(samples, isInverted ? inverted(scaling) : scaling);
  const step = rowsAtOnce(samples);
  return {
    height,
    width,
    warnings: samples.warnings ?? [],
    async *rows() {
      const data = new Uint8ClampedArray(step * width * 4);
      const strip = { data, channels: 4, height: step, width } as const;
      for await (const run of samples.runs()) {
        const y = run.y % step;
        put({ ...run, y }, strip);
        if (y === step - 1 || run.y === height - 1) yield data.subarray(0, (y + 1) * width * 4);
      }
    },
  };
}

/**
 * Bring a picture to 8 bits, upright.
 *
 * @param samples The picture as stored.
 * @param range Which values become black and white, instead of those that its format says.
 * @returns The picture, with a warning where little would be seen of it.
 */
export async function readSamples(samples: Samples, range?: ValueRange): Promise<PictureRows> {
  const { isInOrder = false, orientation = 1 } = samples;
  if (isInOrder && orientation === 1 && !isLookedAt(samples, range)) return passRows(samples);
  const { warnings, ...stored } = await toEightBits(samples, range);
  return { ...readStored(stored, orientation), warnings };
}

/** A picture brought to 8 bits, as it is stored. */
export interface EightBits extends StoredPixels {
  /** What the user should know. */
  readonly warnings: readonly string[];
}

/**
 * Bring a picture to 8 bits: in full, or a range of its values. Opacity is left as it is. The values are read once, and once
 * more to find the limits of what they are.
 *
 * @param samples The picture as stored.
 * @param range Which values become black and white, instead of those that its format says.
 * @param room Where the pixels are put, which may be where the samples are if those are RGBA.
 * @returns The picture, with a warning where little would be seen of it.
 */
export async function toEightBits(
  samples: Samples,
  range?: ValueRange,
  room?: Uint8ClampedArray,
): Promise<EightBits> {
  const { height, width, isInverted = false } = samples;
  const finder = isLookedAt(samples, range) ? await findFill(samples) : undefined;
  let fill: Fill | undefined;
  if (range === "auto") {
    for await (const { values } of samples.runs()) finder!.take(values);
    fill = finder!.finish();
  }
  const limits = limitsFor(range, fill);
  const scaling = limits ? windowed(limits) : inFull(samples);
  const put = putScaled(samples, isInverted ? inverted(scaling) : scaling);
  const colors = colorsOf(samples);
  const channels = samples.channels > colors || visibilityOf(samples) ? 4 : colors;
  const pixels = {
    data: room ?? new Uint8ClampedArray(height * width * channels),
    channels,
    height,
    width,
  } as const;
  for await (const run of samples.runs()) {
    if (range !== "auto") finder?.take(run.values);
    put(run, pixels);
  }
  if (range !== "auto") fill = finder?.finish();
  const warnings = fill ? fillWarnings(fill, samples, range && limits) : [];
  return { ...pixels, warnings: [...samples.warnings ?? [], ...warnings] };
}
