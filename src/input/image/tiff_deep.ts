import { ImageError } from "../../base/errors.ts";
import { type Coloring, coloringOf } from "./tiff_colors.ts";
import { type TiffDirectory, tiffTags } from "./tiff_directory.ts";
import { findNumberKind, type NumberKind, numberKindName } from "./tiff_numbers.ts";
import { areOverlapping, brightnessAndHues, type JpegTiles, jpegTilesOf } from "./tiff_jpeg.ts";
import { isKnownPredictor, predictors } from "./tiff_predictor.ts";
import { isPredicted, type Unpack, unpackerOf } from "./tiff_unpack.ts";

/** What stands for what: the lowest value for white or black, three values for a colour. */
const photometric = { whiteIsZero: 0, blackIsZero: 1, rgb: 2 };

/** Kinds of samples besides colours: opacity, into which colours are multiplied or not. */
const extra = { multiplied: 1, opacity: 2 };

/** The field PlanarConfiguration, where each channel lies by itself. */
const separate = 2;

/** The field Compression, where LZW packs. */
const lzw = 5;

/** How a TIFF of 8 bits or more is stored. */
export interface DeepTiff {
  readonly height: number;
  readonly width: number;
  readonly kind: NumberKind;
  readonly bits: number;
  /** Values a pixel in the file. */
  readonly stored: number;
  /** Which of them are taken: colours, then opacity. */
  readonly taken: readonly number[];
  /** How they become colours, where they are none. */
  readonly coloring?: Coloring | undefined;
  readonly isMultiplied: boolean;
  readonly isInverted: boolean;
  readonly isSeparate: boolean;
  readonly predictor: number;
  readonly orientation: number;
  readonly unpack: Unpack;
  readonly isLzw: boolean;
  /** How its tiles are unpacked where they are JPEGs. */
  readonly jpegTiles?: JpegTiles | undefined;
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
 * How a TIFF's picture is stored, where it is grey or RGB in numbers of 8 bits or more.
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
  const known = unpackerOf(compression);
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
  const coloring = name === "uint8" ? coloringOf(directory, meaning, stored) : undefined;
  const parts = readParts(directory, width, height);
  const jpegTiles = name === "uint8"
    ? jpegTilesOf(directory, parts.part, { stored, meaning, height, width })
    : undefined;
  const unpack = known ?? jpegTiles?.unpack;
  const isColored = meaning === photometric.rgb || jpegTiles !== undefined && meaning === brightnessAndHues;
  const colors = coloring?.taken ?? (isColored ? 3 : 1);
  const predictor = predictorOf(directory, compression);
  const isKnown = kind && unpack && (coloring || isColored || meaning < photometric.rgb) && areSame(bits) &&
    areSame(formats) &&
    directory.value(tiffTags.fillOrder, 1) === 1 && isKnownPredictor(predictor, bits[0]!, kind.isWhole);
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
    coloring,
    isMultiplied,
    isInverted: meaning === photometric.whiteIsZero,
    isSeparate: directory.value(tiffTags.planarConfiguration, 1) === separate,
    predictor,
    orientation: directory.value(tiffTags.orientation, 1),
    unpack,
    isLzw: compression === lzw,
    jpegTiles,
  };
}

/** What LZW's codes begin with where their highest bits come first: the code to clear, of 9 bits. */
const clearFirst = 0x80;

/**
 * Whether a TIFF of 8 bits is stored in the usual way, so that it can be read a few rows at a time. All others are left to the
 * decoder that knows more about what writers have done.
 *
 * @param bytes The file.
 * @param tiff How it is stored.
 */
export function isUsual(bytes: Uint8Array, tiff: DeepTiff): boolean {
  const { taken, stored, coloring, isMultiplied, isInverted, isLzw, jpegTiles, offsets, lengths } = tiff;
  const colors = coloring?.taken ?? (taken.length < 3 ? 1 : 3);
  const hasOpacity = taken.length > colors;
  if (isMultiplied || hasOpacity && (isInverted || taken.at(-1) !== colors)) return false;
  if (stored < taken.length || offsets.length === 0 || offsets.length !== lengths.length) return false;
  const first = bytes.subarray(offsets[0]!, offsets[0]! + lengths[0]!);
  if (jpegTiles && (areOverlapping(lengths, bytes) || !jpegTiles.isUsual(first))) return false;
  return offsets.every((offset, at) =>
    lengths[at]! > 0 && offset + lengths[at]! <= bytes.length && (!isLzw || bytes[offset] === clearFirst)
  );
}
