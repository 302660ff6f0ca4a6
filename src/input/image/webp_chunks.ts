import { textAt, viewOf } from "./bytes.ts";

/** One of the parts that a WebP is made of. */
export interface WebpChunk {
  /** Four letters, such as `"EXIF"`. */
  readonly kind: string;
  /** Where its content begins. */
  readonly start: number;
  /** Where that ends, behind the end of the file if it is cut short. */
  readonly end: number;
}

/** How many bytes a chunk's kind and its length take. */
export const chunkHeader = 8;

/**
 * The parts of a WebP one after another.
 *
 * @param start Where the first begins.
 * @param end Where the last ends.
 */
export function* webpChunks(bytes: Uint8Array, start: number, end: number): Generator<WebpChunk> {
  const view = viewOf(bytes);
  for (let at = start; at + chunkHeader <= Math.min(end, bytes.length);) {
    const length = view.getUint32(at + 4, true);
    yield { kind: textAt(bytes, at, 4), start: at + chunkHeader, end: at + chunkHeader + length };
    at += chunkHeader + length + length % 2;
  }
}

/** Three bytes, the lowest first. */
export function uint24(view: DataView, at: number): number {
  return view.getUint16(at, true) + (view.getUint8(at + 2) << 16);
}
