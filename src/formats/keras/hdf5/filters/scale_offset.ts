import { BitReader, writeNumber } from "./bit_reader.ts";
import { Damage } from "../errors.ts";
import type { FilterTask } from "./filter.ts";

/** How the filter scales: floating-point numbers by a power of ten, and whole numbers not at all. */
const decimal = 0;

/** The bytes before a chunk's packed numbers: how many bits each has, and the least of all. */
const headerSize = 21;

/** Where a filter's values hold what stands for elements that were never written. */
const fillAt = 8;

/** A number's bits as those of float32 or float64. */
function toBits(value: number, size: number): bigint {
  const view = new DataView(new ArrayBuffer(8));
  if (size === 4) view.setFloat32(0, value, true);
  else view.setFloat64(0, value, true);
  return view.getBigUint64(0, true);
}

function fromBits(bits: bigint, size: number): number {
  const view = new DataView(new ArrayBuffer(8));
  view.setBigUint64(0, bits, true);
  return size === 4 ? view.getFloat32(0, true) : view.getFloat64(0, true);
}

/** Undo HDF5's scale-offset filter, which stores how far numbers are above the least of them. */
export function unpackScaleOffset(bytes: Uint8Array, { values, maxSize }: FilterTask): Uint8Array {
  const [scaling, scale, count, kind, size, , order, hasFill] = values as readonly number[];
  const isFloat = kind === 1;
  if (
    bytes.length < headerSize || !(count! * size! <= maxSize && size! <= 8) || isFloat && scaling !== decimal
  ) {
    throw new Damage("a chunk is of another size");
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const bits = view.getUint32(0, true);
  const least = view.getBigUint64(5, true);
  const fill = BigInt(values[fillAt] ?? 0) | BigInt(values[fillAt + 1] ?? 0) << 32n;
  const reader = new BitReader(bytes.subarray(headerSize));
  const result = new Uint8Array(count! * size!);
  const isBigEndian = order === 1;
  if (bits > size! * 8) throw new Damage("a chunk is of another size");
  const unused = hasFill ? (1n << BigInt(bits)) - 1n : -1n; // what stands for elements that were never written
  const round = size === 4 ? Math.fround : (value: number) => value; // as HDF5 does after each step
  const power = round(10 ** (scale! | 0));
  function decode(value: bigint): bigint {
    if (value === unused) return fill;
    return isFloat
      ? toBits(round(round(Number(value)) / power) + fromBits(least, size!), size!)
      : value + least;
  }
  for (let at = 0; at < result.length; at += size!) {
    const element = result.subarray(at, at + size!);
    const isWhole = bits === size! * 8; // such are stored as they are
    if (isWhole) {
      const from = headerSize + at;
      if (from + size! > bytes.length) throw new Damage("a chunk is cut short");
      element.set(bytes.subarray(from, from + size!));
      if (isBigEndian) element.reverse();
    } else writeNumber(element, BigInt.asUintN(64, decode(reader.long(bits))), isBigEndian);
  }
  return result;
}
