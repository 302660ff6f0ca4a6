import { textAt, viewOf } from "./bytes.ts";

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

/** What each byte does to a checksum; then what it does with one, two and three bytes behind it. */
const remainders = new Int32Array(4 * 256);
for (let byte = 0; byte < 256; byte++) {
  let sum = byte;
  for (let bit = 0; bit < 8; bit++) sum = sum & 1 ? sum >>> 1 ^ 0xedb88320 : sum >>> 1;
  remainders[byte] = sum;
}
for (let at = 256; at < remainders.length; at++) {
  const sum = remainders[at - 256]!;
  remainders[at] = sum >>> 8 ^ remainders[sum & 255]!;
}

/** The checksum of a chunk's kind and content, four bytes at a time. */
function checksum(bytes: Uint8Array, start: number, end: number): number {
  let sum = -1;
  let at = start;
  for (; at + 4 <= end; at += 4) {
    sum ^= bytes[at]! | bytes[at + 1]! << 8 | bytes[at + 2]! << 16 | bytes[at + 3]! << 24;
    sum = remainders[768 + (sum & 255)]! ^ remainders[512 + (sum >>> 8 & 255)]! ^
      remainders[256 + (sum >>> 16 & 255)]! ^ remainders[sum >>> 24]!;
  }
  for (; at < end; at++) sum = sum >>> 8 ^ remainders[(sum ^ bytes[at]!) & 255]!;
  return ~sum >>> 0;
}

/** Whether a chunk is as it was written, by its checksum. */
export function isIntact(bytes: Uint8Array, { start, end }: PngChunk): boolean {
  return checksum(bytes, start + 4, end - 4) === viewOf(bytes).getUint32(end - 4);
}
