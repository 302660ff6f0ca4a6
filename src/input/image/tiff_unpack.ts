import { ImageError } from "../../base/errors.ts";
import { unpackCodes } from "./lzw.ts";

/**
 * Unpack a strip or a tile to a number of bytes; one that holds fewer is refused by whoever asked. It may hold more, but
 * not more than what is full: writers fill up the last strip with rows that are not there, while strips that lie over
 * each other in the file could each be packed a thousandfold.
 */
export type Unpack = (packed: Uint8Array, length: number, full: number) => Uint8Array | Promise<Uint8Array>;

/** How much more than what is full is passed over, in bytes. */
const surplus = 1024;

async function inflate(packed: Uint8Array, length: number, full: number): Promise<Uint8Array> {
  const { constants, inflateSync } = await import("node:zlib"); // the platform's streams know no limit
  return inflateSync(packed, {
    maxOutputLength: full + surplus,
    chunkSize: full + surplus, // in one piece: pieces would be put together in memory of their own
    finishFlush: constants.Z_SYNC_FLUSH, // what there is of one that is cut short
  }).subarray(0, length);
}

/** Runs of a byte, and bytes as they are. */
function unpackBits(packed: Uint8Array, length: number): Uint8Array {
  const result = new Uint8Array(length);
  let to = 0;
  for (let at = 0; at < packed.length && to < length;) {
    const count = packed[at++]!;
    if (count === 128) continue;
    const bytes = count < 128 ? packed.subarray(at, at + count + 1) : packed.subarray(at, at + 1);
    const end = Math.min(to + (count < 128 ? bytes.length : 257 - count), length);
    if (count < 128) result.set(bytes.subarray(0, end - to), to);
    else result.fill(bytes[0]!, to, end);
    at += bytes.length;
    to = end;
  }
  return result.subarray(0, to);
}

const unpackLzw: Unpack = (packed, length) =>
  unpackCodes(packed, length, { literalBits: 8, isHighestFirst: true, isEarly: true });

/** The ways to pack that are unpacked here, by their number. */
const unpackers: Readonly<Record<number, Unpack>> = {
  1: (packed, length) => packed.subarray(0, length),
  5: unpackLzw,
  8: inflate,
  32773: unpackBits,
  32946: inflate,
};

/** Whether rows may be changed before they are packed in a way. */
export function isPredicted(compression: number): boolean {
  return unpackers[compression] === unpackLzw || unpackers[compression] === inflate;
}

/** Names of further ways to pack, which are not known to the decoder of other pictures either. */
const unknown: Readonly<Record<number, string>> = {
  33003: "JPEG 2000",
  33005: "JPEG 2000",
  34712: "JPEG 2000",
  34887: "LERC",
  34892: "lossy JPEG",
  34925: "LZMA",
  50000: "ZSTD",
  50001: "WebP",
  50002: "JPEG XL",
};

/**
 * How strips and tiles are unpacked; `undefined` where only another decoder knows.
 *
 * @param compression As the directory numbers it.
 * @throws {ImageError} If no decoder knows.
 */
export function unpackerOf(compression: number): Unpack | undefined {
  const name = unknown[compression];
  if (name !== undefined) {
    throw new ImageError(
      `its pixels are packed by ${name}, which is not supported: save it with LZW, or as PNG`,
    );
  }
  return unpackers[compression];
}
