import { viewOf } from "./bytes.ts";

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

/**
 * What of a JPEG that is cut short can be decoded: a segment that was begun, such as a table between two scans
 * of a progressive one, is left out.
 *
 * @returns `undefined` if it is not cut short.
 */
export function findIntactPart(bytes: Uint8Array): Uint8Array | undefined {
  for (const { marker, start, end } of jpegSegments(bytes)) {
    if (marker === endMarker) return undefined;
    if (end > bytes.length) return bytes.subarray(0, start);
  }
  return bytes;
}
