import { release } from "../../base/release.ts";
import { ImageError } from "../../base/errors.ts";
import { viewOf } from "./bytes.ts";
import type { SampleRun, Samples, SampleValues } from "./samples.ts";
import type { Coloring } from "./tiff_colors.ts";
import type { DeepTiff } from "./tiff_deep.ts";
import { predictors, undoPredictor } from "./tiff_predictor.ts";

/** The most that a strip or a tile may unpack to, in bytes. */
const largestPart = 2 ** 30;

/** What is said of a file that ends before its picture does. */
const cutShort = "the TIFF file is cut short: get it again";

/** A TIFF's file, and how it is stored. */
interface TiffFile extends DeepTiff {
  readonly bytes: Uint8Array;
  /** Whether the lower byte of a number comes first. */
  readonly littleEndian: boolean;
}

/** A strip or a tile: where it lies on the picture, and what is taken of its rows. */
interface Part {
  /** Which of the file's it is. */
  readonly index: number;
  readonly left: number;
  readonly rows: number;
  /** Numbers a pixel in it. */
  readonly step: number;
  /** Which of them are taken. */
  readonly sources: readonly number[];
  /** Which channels of the picture they are. */
  readonly targets: readonly number[];
}

/** The strips or tiles that hold the rows from one on: those beside each other, each channel's where it lies by itself. */
function partsAt(top: number, { height, width, part, stored, taken, isSeparate }: DeepTiff): Part[] {
  const across = Math.ceil(width / part.width);
  const count = across * Math.ceil(height / part.height);
  const planes = isSeparate
    ? taken.map((source, target) => ({ first: source * count, step: 1, sources: [0], targets: [target] }))
    : [{ first: 0, step: stored, sources: taken, targets: [...taken.keys()] }];
  const rows = part.isTile ? part.height : Math.min(part.height, height - top);
  const before = top / part.height * across;
  return planes.flatMap(({ first, ...plane }) =>
    Array.from({ length: across }, (_, column) => ({
      ...plane,
      index: first + before + column,
      left: column * part.width,
      rows,
    }))
  );
}

/** A strip or a tile whose rows can be read one after the other. */
interface OpenPart extends Part {
  /** All of its rows, unpacked. */
  readonly unpacked: Uint8Array;
  /** The next row. */
  next(): DataView;
}

async function openPart(tiff: TiffFile, place: Part): Promise<OpenPart> {
  const { bytes, littleEndian, part, bits, predictor, unpack, offsets, lengths } = tiff;
  const { index, rows, step } = place;
  const rowLength = Math.ceil(part.width * step * bits / 8);
  const length = rowLength * rows;
  const [offset, packed] = [offsets[index] ?? Infinity, lengths[index] ?? Infinity];
  if (length > largestPart) {
    throw new ImageError(`a part of it takes ${length} bytes: save it in smaller strips`);
  }
  if (offset >= bytes.length) throw new ImageError(cutShort);
  const content = bytes.subarray(offset, Math.min(offset + packed, bytes.length));
  const unpacked = await unpack(content, length, rowLength * part.height);
  if (unpacked.length < length) throw new ImageError(cutShort);
  let start = 0;
  return {
    ...place,
    unpacked,
    next() {
      const row = viewOf(unpacked.subarray(start, start + rowLength));
      undoPredictor(predictor, row, { step, bits, littleEndian });
      start += rowLength;
      return row;
    },
  };
}

/** Colours as they were before they were multiplied by opacity, which is the last of the channels. */
function divideByOpacity(values: SampleValues, channels: number, white: number): void {
  for (let at = 0; at < values.length; at += channels) {
    const opacity = values[at + channels - 1]! / white;
    if (!(opacity > 0)) continue;
    for (let place = at; place < at + channels - 1; place++) {
      values[place] = Math.min(values[place]! / opacity, white);
    }
  }
}

/** Put a part's next row where it lies on the picture's. */
function putRow(
  open: OpenPart,
  values: SampleValues,
  { width, part, kind, taken, littleEndian, predictor }: TiffFile,
) {
  const { left, step, sources, targets } = open;
  const channels = taken.length;
  const isLittle = littleEndian && predictor !== predictors.floatingPoint;
  const count = Math.min(part.width, width - left);
  const row = open.next();
  for (let at = 0; at < sources.length; at++) {
    let to = left * channels + targets[at]!;
    for (let index = sources[at]!, end = count * step; index < end; index += step, to += channels) {
      values[to] = kind.read(row, index, isLittle);
    }
  }
}

/** The rows, one after the other: of the strips or tiles no more are unpacked at a time than lie beside each other. */
async function* readRuns(tiff: TiffFile): AsyncGenerator<SampleRun> {
  const { height, width, part, kind, taken, isMultiplied } = tiff;
  const channels = taken.length;
  const values = kind.make(width * channels);
  for (let top = 0; top < height; top += part.height) {
    const parts: OpenPart[] = [];
    for (const place of partsAt(top, tiff)) parts.push(await openPart(tiff, place));
    for (let y = top; y < Math.min(top + part.height, height); y++) {
      for (const open of parts) putRow(open, values, tiff);
      if (isMultiplied) divideByOpacity(values, channels, kind.full[1]);
      yield { y, left: 0, across: 1, values };
    }
    for (const { unpacked } of parts) release(unpacked); // but those that lie in the file
  }
}

/** The rows of what stands for colours, as these. */
async function* colorRuns(tiff: TiffFile, { put }: Coloring): AsyncGenerator<SampleRun> {
  const colors = new Uint8Array(tiff.width * 3);
  for await (const run of readRuns(tiff)) {
    put(run.values, colors);
    yield { ...run, values: colors };
  }
}

/**
 * The values of a TIFF, uncompressed or packed by Deflate, LZW or PackBits. Reading them throws an `ImageError` if the file
 * ends before its picture does.
 *
 * @param bytes The file.
 * @param tiff How it is stored.
 * @param littleEndian Whether the lower byte of a number comes first.
 */
export function readTiffSamples(bytes: Uint8Array, tiff: DeepTiff, littleEndian: boolean): Samples {
  const { height, width, kind: { full, isWhole }, taken, coloring, isInverted, orientation } = tiff;
  const file = { ...tiff, bytes, littleEndian };
  const runs = () => coloring ? colorRuns(file, coloring) : readRuns(file);
  return {
    runs,
    isInOrder: true,
    channels: coloring ? 3 : taken.length,
    height,
    width,
    full,
    isWhole,
    isInverted,
    orientation,
  };
}
