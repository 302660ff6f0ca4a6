import { hasText, viewOf } from "./bytes.ts";

/** One of the parts that a JPEG is made of. */
export interface JpegSegment {
  /** What it is. */
  readonly marker: number;
  /** Where it begins, its marker included. */
  readonly start: number;
  /** Where it ends, behind the end of the file if that is cut short. */
  readonly end: number;
}

/** What a JPEG ends with. */
const endMarker = 0xd9;

/** Markers without a length behind them. */
function standsAlone(marker: number): boolean {
  return marker >= 0xd0 && marker <= 0xd8 || marker === 0x01;
}

/** The segments of a JPEG up to its end mark, found as the decoder finds them, lest it see another size. */
export function* jpegSegments(bytes: Uint8Array): Generator<JpegSegment> {
  const view = viewOf(bytes);
  let start = bytes.indexOf(0xff, 2); // what lies between segments is pixels, or junk
  while (start >= 0 && start + 1 < bytes.length) {
    const marker = bytes[start + 1]!;
    let end = start + 2;
    if (marker === 0xff) {
      end = start + 1; // padding
      while (bytes[end + 1] === 0xff) end++;
      while (bytes[end + 1] === 0xff) end++;
    } else if (marker !== 0 && !standsAlone(marker)) {
      if (marker !== endMarker) end += start + 4 <= bytes.length ? view.getUint16(start + 2) : 2;
      yield { marker, start, end };
      if (marker === endMarker) return;
    }
    start = bytes.indexOf(0xff, end);
  }
}

/** Whether a segment begins the picture itself and says its size: all "start of frame" ones. */
export function isFrame({ marker }: JpegSegment): boolean {
  return marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
}

/** What begins a scan: a part of the picture's data. */
const scanMarker = 0xda;

/** Coefficients of a block. */
const coefficients = 64;

/** Of which components a scan has which coefficients, and down to which bit. */
interface Scan {
  readonly components: readonly number[];
  readonly first: number;
  readonly last: number;
  /** 0 where nothing is left for later scans. */
  readonly lowestBit: number;
}

function readScan(bytes: Uint8Array, { start }: JpegSegment): Scan {
  const count = bytes[start + 4]!;
  const components = Array.from({ length: count }, (_, index) => bytes[start + 5 + 2 * index]!);
  const [first, last, bits] = bytes.subarray(start + 5 + 2 * count);
  return { components, first: first!, last: Math.min(last!, coefficients - 1), lowestBit: bits! & 15 };
}

/** Whether the scans of a JPEG have every coefficient of every component to its last bit. */
function isCovered(scans: readonly Scan[], components: readonly number[]): boolean {
  return components.every((component) => {
    const open = new Uint8Array(coefficients).fill(1); // 1 where bits are missing
    for (const { components, first, last, lowestBit } of scans) {
      if (components.includes(component)) open.fill(lowestBit > 0 ? 1 : 0, first, last + 1);
    }
    return open.every((missing) => missing === 0);
  });
}

/** The names of the components that the frame announces. */
function readComponents(bytes: Uint8Array, { start }: JpegSegment): number[] {
  return Array.from({ length: bytes[start + 9]! }, (_, index) => bytes[start + 10 + 3 * index]!);
}

/** How a JPEG ends: with its mark, without it, or before one of its segments or scans does. */
export type JpegEnd = "marked" | "unmarked" | "cut";

/** The most scans that any picture may have. */
const mostScans = 1000;

/**
 * How many scans are decoded of a picture of any size. Encoders write 10, or 18 for four channels; what optimises them
 * writes fewer.
 */
const usualScans = 24;

/** How many pixels of scans are decoded at most beyond that: each scan goes over all pixels once more. */
const mostScannedPixels = 100_000_000;

/** How many scans a JPEG of a size may have. */
export function scansAllowed({ height, width }: { readonly height: number; readonly width: number }): number {
  return Math.min(Math.max(Math.floor(mostScannedPixels / (height * width)), usualScans), mostScans);
}

/** What the segments of a JPEG say. */
export interface JpegSurvey {
  /** How it ends, as far as its segments tell. Whether the data of its last scan are all there only a decoder tells. */
  readonly end: JpegEnd;
  /** The first segment that says the size. */
  readonly frame: JpegSegment | undefined;
  /** The first segment of EXIF. */
  readonly exif: JpegSegment | undefined;
  /** How many scans there are. */
  readonly scanCount: number;
}

/** What begins a segment of EXIF, among others. */
const exifMarker = 0xe1;

/** Look through a JPEG's segments. */
export function surveyJpeg(bytes: Uint8Array): JpegSurvey {
  const scans: Scan[] = [];
  let [scanCount, end]: [number, JpegEnd | undefined] = [0, undefined];
  let frame: JpegSegment | undefined;
  let exif: JpegSegment | undefined;
  for (const segment of jpegSegments(bytes)) {
    const { marker, start } = segment;
    if (marker === endMarker) end = "marked";
    else if (segment.end > bytes.length) end = "cut";
    if (isFrame(segment)) frame ??= segment;
    if (end) break;
    if (marker === exifMarker && hasText(bytes, "Exif\0\0", start + 4)) exif ??= segment;
    if (marker === scanMarker && ++scanCount <= mostScans) scans.push(readScan(bytes, segment));
  }
  const isWhole = frame && isCovered(scans, readComponents(bytes, frame));
  return { end: end ?? (isWhole ? "unmarked" : "cut"), frame, exif, scanCount };
}

/** A JPEG without its end mark, with it. */
export function withEnd(bytes: Uint8Array): Uint8Array {
  const ended = new Uint8Array(bytes.length + 2);
  ended.set(bytes);
  ended.set([0xff, endMarker], bytes.length);
  return ended;
}
