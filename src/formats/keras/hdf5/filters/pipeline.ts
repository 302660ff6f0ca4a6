import { inflateSync } from "node:zlib";
import { fletcher32 } from "../checksum.ts";
import type { Cursor } from "../cursor.ts";
import { Damage, Unreadable } from "../errors.ts";
import type { FilterTask, Undo } from "./filter.ts";
import { unpackLzf } from "./lzf.ts";
import { unpackNbit } from "./nbit.ts";
import { unpackScaleOffset } from "./scale_offset.ts";
import { unpackSzip } from "./szip.ts";

/** What was done to bytes before they were stored. */
export interface Filter {
  readonly id: number;
  /** What the filter notes for itself. */
  readonly values: readonly number[];
}

/** All that was done, in order. */
export type Pipeline = readonly Filter[];

function inflate(bytes: Uint8Array, { maxSize }: FilterTask): Uint8Array {
  try {
    const { buffer, byteOffset, length } = inflateSync(bytes, { maxOutputLength: maxSize });
    return new Uint8Array(buffer, byteOffset, length); // whose slice() copies
  } catch {
    throw new Damage("a chunk cannot be unpacked");
  }
}

/** Puts the bytes of each element together again, of which the first stand first, and so on. */
function unshuffle(bytes: Uint8Array, { values: [size = 1] }: FilterTask): Uint8Array {
  const count = Math.floor(bytes.length / size);
  if (size <= 1 || count <= 1) return bytes;
  const result = bytes.slice(); // what is no whole element stands at the end as it is
  for (let byte = 0, from = 0; byte < size; byte++) {
    for (let at = byte, index = 0; index < count; index++, at += size) result[at] = bytes[from++]!;
  }
  return result;
}

/** Holds bytes to the checksum behind them. */
function check(bytes: Uint8Array): Uint8Array {
  const end = bytes.length - 4;
  if (end < 0) throw new Damage("a checksum is missing");
  const stored = new DataView(bytes.buffer, bytes.byteOffset + end).getUint32(0, true);
  const sum = fletcher32(bytes.subarray(0, end));
  // Early versions exchanged the bytes of each half.
  const exchanged = (sum & 0x00ff00ff) << 8 | sum >>> 8 & 0x00ff00ff;
  if (stored !== sum && stored !== exchanged >>> 0) throw new Damage("a checksum is another's");
  return bytes.subarray(0, end);
}

/** The filters by the numbers that they are registered under. */
const filters: Readonly<Record<number, Undo>> = {
  1: inflate,
  2: unshuffle,
  3: check,
  4: unpackSzip,
  5: unpackNbit,
  6: unpackScaleOffset,
  32000: unpackLzf,
};

/** The first number of filters that bring a name. */
const firstNamed = 256;

/** The most filters of one pipeline. */
const maxFilters = 32;

/** @param cursor The message's content. */
export function readPipeline(cursor: Cursor): Pipeline {
  const version = cursor.uint(1);
  if (version !== 1 && version !== 2) throw new Damage("a pipeline is of a version that is not known");
  const count = cursor.uint(1);
  if (count > maxFilters) throw new Damage("a pipeline is too long");
  if (version === 1) cursor.skip(6);
  return Array.from({ length: count }, () => {
    const id = cursor.uint(2);
    const nameSize = version === 1 || id >= firstNamed ? cursor.uint(2) : 0;
    cursor.skip(2);
    const valueCount = cursor.uint(2);
    cursor.skip(version === 1 ? Math.ceil(nameSize / 8) * 8 : nameSize);
    const values = Array.from({ length: valueCount }, () => cursor.uint(4));
    if (version === 1 && valueCount % 2 === 1) cursor.skip(4);
    return { id, values };
  });
}

/** What a packed block is unpacked by. */
export interface UnpackRequest {
  readonly pipeline: Pipeline;
  /** The filters that were left out, as bits. */
  readonly mask: number;
  /** How many bytes there must be in the end. */
  readonly size: number;
}

/**
 * Undo filters, the last first.
 *
 * @throws {Damage} If other than `size` bytes come out.
 * @throws {Unreadable} If a filter is not known.
 */
export function unpack(bytes: Uint8Array, { pipeline, mask, size }: UnpackRequest): Uint8Array {
  const maxSize = 2 * size + 1024; // some filters make incompressible bytes longer
  let unpacked = bytes;
  for (let index = pipeline.length - 1; index >= 0; index--) {
    if (mask >>> index & 1) continue;
    const { id, values } = pipeline[index]!;
    const undo = filters[id];
    if (!undo) throw new Unreadable(`are packed by the HDF5 filter ${id}: save them with gzip or none`);
    unpacked = undo(unpacked, { values, maxSize });
  }
  if (unpacked.length !== size) throw new Damage("a chunk is of another size");
  return unpacked;
}
