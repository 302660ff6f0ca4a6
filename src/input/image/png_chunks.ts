import { textAt, viewOf } from "./bytes.ts";
import { addToChecksum, noChecksum } from "./png_checksum.ts";

/** One of the parts that a PNG is made of. */
export interface PngChunk {
  /** Four letters, such as `"IDAT"`; the first is a capital where no decoder can do without it. */
  readonly kind: string;
  /** Where it begins in the file, its length and kind included. */
  readonly start: number;
  /** Where it ends, its checksum included. */
  readonly end: number;
  /** What it holds. */
  readonly content: Uint8Array;
}

/** The chunks of a PNG, as far as they are whole. */
export function* pngChunks(bytes: Uint8Array): Generator<PngChunk> {
  const view = viewOf(bytes);
  for (let start = 8, end = 0; start + 12 <= bytes.length; start = end) {
    end = start + 12 + view.getUint32(start);
    if (end > bytes.length) return;
    yield { kind: textAt(bytes, start + 4, 4), start, end, content: bytes.subarray(start + 8, end - 4) };
  }
}

/** Whether a chunk is as it was written, by its checksum. */
export function isIntact(bytes: Uint8Array, { start, end }: PngChunk): boolean {
  const sum = ~addToChecksum(noChecksum, bytes.subarray(start + 4, end - 4)) >>> 0;
  return sum === viewOf(bytes).getUint32(end - 4);
}
