import { ImageError } from "../../base/errors.ts";
import { viewOf } from "./bytes.ts";
import type { Samples, SampleValues } from "./samples.ts";
import { type TiffDirectory, tiffTags } from "./tiff_directory.ts";
import { findNumberKind, type NumberKind, numberKindName } from "./tiff_numbers.ts";
import { isKnownPredictor, predictors, undoPredictor } from "./tiff_predictor.ts";
import { isPredicted, type Unpack, unpackerOf } from "./tiff_unpack.ts";

/** What stands for what: the lowest value for white or black, three values for a colour. */
const photometric = { whiteIsZero: 0, blackIsZero: 1, rgb: 2 };

/** Kinds of samples besides colours: opacity, into which colours are multiplied or not. */
const extra = { multiplied: 1, opacity: 2 };

/** The field PlanarConfiguration, where each channel lies by itself. */
const separate = 2;

/** The most that a strip or a tile may unpack to, in bytes. */
const largestPart = 2 ** 30;

/** What is said of a file that ends before its picture does. */
const cutShort = "the TIFF file is cut short: get it again";

/** How a TIFF of more than 8 bits is stored. */
export interface DeepTiff {
  readonly height: number;
  readonly width: number;
  readonly kind: NumberKind;
  readonly bits: number;
  /** Values a pixel in the file. */
  readonly stored: number;
  /** Which of them are taken: colours, then opacity. */
  readonly taken: readonly number[];
  readonly isMultiplied: boolean;
  readonly isInverted: boolean;
  readonly isSeparate: boolean;
  readonly predictor: number;
  readonly orientation: number;
  readonly unpack: Unpack;
  /** Pixels of a strip or a tile; tiles may reach beyond the picture. */
  readonly part: { readonly height: number; readonly width: number; readonly isTile: boolean };
  readonly offsets: readonly number[];
  readonly lengths: readonly number[];
}

/** Whether all values of a field are the same. */
function areSame(values: readonly number[]): boolean {
  return values.every((value) => value === values[0]);
}

/** Where opacity stands among a pixel's values, and whether colours are multiplied by it. */
function findOpacity(directory: TiffDirectory, colors: number, stored: number) {
  const extras = directory.values(tiffTags.extraSamples).slice(0, stored - colors);
  const at = extras.findIndex((kind) => kind === extra.multiplied || kind === extra.opacity);
  return { place: at < 0 ? [] : [colors + at], isMultiplied: extras[at] === extra.multiplied };
}

/** How rows were changed before they were packed; what is not packed was not. */
function predictorOf(directory: TiffDirectory, compression: number): number {
  return isPredicted(compression) ? directory.value(tiffTags.predictor, predictors.none) : predictors.none;
}

/** How strips or tiles lie in the file. */
function readParts(directory: TiffDirectory, width: number, height: number) {
  const tileWidth = directory.value(tiffTags.tileWidth, 0);
  const isTiled = tileWidth > 0;
  const rows = isTiled
    ? directory.value(tiffTags.tileHeight, 0)
    : directory.value(tiffTags.rowsPerStrip, height);
  return {
    part: {
      width: isTiled ? tileWidth : width,
      height: isTiled ? rows : Math.min(rows, height),
      isTile: isTiled,
    },
    offsets: directory.values(isTiled ? tiffTags.tileOffsets : tiffTags.stripOffsets),
    lengths: directory.values(isTiled ? tiffTags.tileByteCounts : tiffTags.stripByteCounts),
  };
}

/**
 * How a TIFF's picture is stored, where it is grey or RGB in other numbers than 0 … 255.
 *
 * @returns `undefined` if it is anything else, for another decoder.
 * @throws {ImageError} If no decoder can read it.
 */
export function readDeepTiff(
  directory: TiffDirectory,
  { height, width }: { readonly height: number; readonly width: number },
): DeepTiff | undefined {
  const bits = directory.values(tiffTags.bitsPerSample);
  const formats = directory.values(tiffTags.sampleFormat);
  const compression = directory.value(tiffTags.compression, 1);
  const unpack = unpackerOf(compression);
  const name = numberKindName(formats[0] ?? 1, bits[0] ?? 1);
  if (/^complex|^u?int64/.test(name)) {
    throw new ImageError(`its values are ${name}, which is not supported: save it as uint16 or float32`);
  }
  const kind = findNumberKind(name);
  const stored = directory.value(tiffTags.samplesPerPixel, 1);
  const meaning = directory.value(
    tiffTags.photometric,
    stored < 3 ? photometric.blackIsZero : photometric.rgb,
  );
  const colors = meaning === photometric.rgb ? 3 : 1;
  const predictor = predictorOf(directory, compression);
  const isKnown = kind && unpack && meaning <= photometric.rgb && areSame(bits) && areSame(formats) &&
    directory.value(tiffTags.fillOrder, 1) === 1 && isKnownPredictor(predictor, bits[0]!, kind.isWhole);
  const parts = readParts(directory, width, height);
  if (!isKnown || stored < colors || !(parts.part.height > 0)) return undefined;
  const { place, isMultiplied } = findOpacity(directory, colors, stored);
  return {
    ...parts,
    height,
    width,
    kind,
    bits: bits[0]!,
    stored,
    taken: [...Array(colors).keys(), ...place],
    isMultiplied,
    isInverted: meaning === photometric.whiteIsZero,
    isSeparate: directory.value(tiffTags.planarConfiguration, 1) === separate,
    predictor,
    orientation: directory.value(tiffTags.orientation, 1),
    unpack,
  };
}

/** A strip or a tile: where it lies on the picture, and what is taken of its rows. */
interface Part {
  /** Which of the file's it is. */
  readonly index: number;
  readonly left: number;
  readonly top: number;
  readonly rows: number;
  /** Numbers a pixel in it. */
  readonly step: number;
  /** Which of them are taken. */
  readonly sources: readonly number[];
  /** Which channels of the picture they are. */
  readonly targets: readonly number[];
}

function* partsOf({ height, width, part, stored, taken, isSeparate }: DeepTiff): Generator<Part> {
  const across = Math.ceil(width / part.width);
  const count = across * Math.ceil(height / part.height);
  const planes = isSeparate
    ? taken.map((source, target) => ({ first: source * count, step: 1, sources: [0], targets: [target] }))
    : [{ first: 0, step: stored, sources: taken, targets: [...taken.keys()] }];
  for (const { first, ...plane } of planes) {
    for (let index = 0; index < count; index++) {
      const [left, top] = [index % across * part.width, Math.floor(index / across) * part.height];
      const rows = part.isTile ? part.height : Math.min(part.height, height - top);
      yield { ...plane, index: first + index, left, top, rows };
    }
  }
}

/** The rows of a strip or a tile, ready to be read. */
async function* readRows(
  bytes: Uint8Array,
  { part, bits, predictor, unpack, offsets, lengths }: DeepTiff,
  { index, rows, step, littleEndian }: Part & { readonly littleEndian: boolean },
): AsyncGenerator<DataView> {
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
  for (let start = 0; start < length; start += rowLength) {
    const row = viewOf(unpacked.subarray(start, start + rowLength));
    undoPredictor(predictor, row, { step, bits, littleEndian });
    yield row;
  }
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

/**
 * Decode a TIFF of more than 8 bits as its values are, uncompressed or packed by Deflate, LZW or PackBits.
 *
 * @param bytes The file.
 * @param tiff How it is stored.
 * @param littleEndian Whether the lower byte of a number comes first.
 * @throws {ImageError} If it ends before its picture does.
 */
export async function decodeDeepTiff(
  bytes: Uint8Array,
  tiff: DeepTiff,
  littleEndian: boolean,
): Promise<Samples> {
  const { height, width, part, kind, taken, predictor, isInverted, orientation } = tiff;
  const channels = taken.length;
  const values = kind.make(height * width * channels);
  const isLittle = littleEndian && predictor !== predictors.floatingPoint;
  for (const place of partsOf(tiff)) {
    const { left, step, sources, targets } = place;
    const right = Math.min(left + part.width, width);
    let y = place.top;
    for await (const row of readRows(bytes, tiff, { ...place, littleEndian })) {
      if (y >= height) break;
      for (let x = left, to = (y * width + left) * channels; x < right; x++, to += channels) {
        for (let at = 0; at < sources.length; at++) {
          values[to + targets[at]!] = kind.read(row, (x - left) * step + sources[at]!, isLittle);
        }
      }
      y++;
    }
  }
  if (tiff.isMultiplied) divideByOpacity(values, channels, kind.full[1]);
  const { full, isWhole } = kind;
  return { values, channels, height, width, full, isWhole, isInverted, orientation };
}
