import { BitReader, writeNumber } from "./bit_reader.ts";
import { Damage, Unreadable } from "../errors.ts";
import type { FilterTask } from "./filter.ts";

/** What the filter calls single numbers, the one kind of elements that is read. */
const single = 1;

/** Undo HDF5's n-bit filter, which stores the bits of numbers that are in use. */
export function unpackNbit(bytes: Uint8Array, { values, maxSize }: FilterTask): Uint8Array {
  const [, isPlain, count, kind, size, order, precision, offset] = values as readonly number[];
  if (isPlain) return bytes;
  if (kind !== single) throw new Unreadable("are packed by HDF5's n-bit filter and no numbers");
  const isSound = count! * size! <= maxSize && size! <= 16 && precision! > 0 &&
    precision! + offset! <= size! * 8;
  if (!isSound) throw new Damage("a chunk is of another size");
  const reader = new BitReader(bytes);
  const result = new Uint8Array(count! * size!);
  for (let at = 0; at < result.length; at += size!) {
    const value = reader.long(precision!) << BigInt(offset!);
    writeNumber(result.subarray(at, at + size!), value, order === 1);
  }
  return result;
}
