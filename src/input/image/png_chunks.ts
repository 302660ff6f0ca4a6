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

/**
 * A PNG with only what its pixels are made of. Text, colour profiles and further frames are left out: none is
 * used, and each may be packed a thousandfold, which decoders unpack before anyone can look.
 */
export function essentialPng(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const kept = [bytes.subarray(0, 8)];
  let end = 8;
  for (const chunk of pngChunks(bytes)) {
    const isEssential = /^[A-Z]/.test(chunk.kind) || chunk.kind === "tRNS";
    if (isEssential) kept.push(bytes.subarray(chunk.start, chunk.end));
    end = chunk.end;
  }
  kept.push(bytes.subarray(end)); // what is cut short stays, to be refused
  const essential = new Uint8Array(kept.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of kept) {
    essential.set(part, at);
    at += part.length;
  }
  return essential;
}

/** Bytes unpacked at a time: from each may come a thousand. */
const portion = 16_384;

/** The packed pixels of a PNG, a little at a time. */
function* packedPixels(bytes: Uint8Array): Generator<Uint8Array<ArrayBuffer>> {
  for (const { kind, content } of pngChunks(bytes)) {
    if (kind !== "IDAT") continue;
    for (let start = 0; start < content.length; start += portion) {
      yield content.subarray(start, start + portion) as Uint8Array<ArrayBuffer>;
    }
  }
}

/**
 * Whether the pixels of a PNG unpack to more than a limit. It stops there, however much would follow.
 *
 * @param bytes A PNG.
 * @param limit In bytes.
 * @throws {TypeError} If they are damaged.
 */
export async function unpacksBeyond(bytes: Uint8Array, limit: number): Promise<boolean> {
  const unpacked = ReadableStream.from(packedPixels(bytes)).pipeThrough(new DecompressionStream("deflate"));
  let length = 0;
  for await (const part of unpacked) {
    length += part.length;
    if (length > limit) return true;
  }
  return false;
}
