import type { SampleValues } from "./samples.ts";

/** A kind of numbers that a TIFF's samples can be. */
export interface NumberKind {
  /** The values that are black and white. */
  readonly full: readonly [low: number, high: number];
  /** Whether they are whole. */
  readonly isWhole: boolean;
  /** Room for some. */
  make(length: number): SampleValues;
  /** Read one of a row's numbers. */
  read(row: DataView, index: number, littleEndian: boolean): number;
}

/** How the field SampleFormat numbers kinds; what is undefined is read as whole numbers from 0. */
const sampleFormats = ["", "uint", "int", "float", "uint", "complex", "complex"];

const unsigned = (bits: number) => ({ full: [0, 2 ** bits - 1] as const, isWhole: true });
const signed = (bits: number) => ({
  full: [-(2 ** (bits - 1)), 2 ** (bits - 1) - 1] as const,
  isWhole: true,
});
const floating = {
  full: [0, 1] as const,
  isWhole: false,
  make: (length: number) => new Float32Array(length),
};

/** Numbers of 9 to 15 bits, which lie one behind the other, the highest bit first. */
function packed(bits: number): NumberKind {
  const mask = (1 << bits) - 1;
  return {
    ...unsigned(bits),
    make: (length) => new Uint16Array(length),
    read(row, index) {
      const at = index * bits >> 3;
      let three = 0;
      for (let byte = at; byte < at + 3; byte++) {
        three = three << 8 | (byte < row.byteLength ? row.getUint8(byte) : 0);
      }
      return three >> 24 - bits - (index * bits & 7) & mask;
    },
  };
}

/** The kinds that are read here rather than by a decoder of 8 bits. */
const kinds: Readonly<Record<string, NumberKind>> = {
  ...Object.fromEntries([9, 10, 11, 12, 13, 14, 15].map((bits) => [`uint${bits}`, packed(bits)])),
  uint8: {
    ...unsigned(8),
    make: (length) => new Uint8Array(length),
    read: (row, index) => row.getUint8(index),
  },
  uint16: {
    ...unsigned(16),
    make: (length) => new Uint16Array(length),
    read: (row, index, little) => row.getUint16(index * 2, little),
  },
  uint32: {
    ...unsigned(32),
    make: (length) => new Uint32Array(length),
    read: (row, index, little) => row.getUint32(index * 4, little),
  },
  int8: { ...signed(8), make: (length) => new Int8Array(length), read: (row, index) => row.getInt8(index) },
  int16: {
    ...signed(16),
    make: (length) => new Int16Array(length),
    read: (row, index, little) => row.getInt16(index * 2, little),
  },
  int32: {
    ...signed(32),
    make: (length) => new Int32Array(length),
    read: (row, index, little) => row.getInt32(index * 4, little),
  },
  float16: { ...floating, read: (row, index, little) => row.getFloat16(index * 2, little) },
  float32: { ...floating, read: (row, index, little) => row.getFloat32(index * 4, little) },
  float64: { ...floating, read: (row, index, little) => row.getFloat64(index * 8, little) },
};

/** What a kind of numbers is called, such as `"uint16"`. */
export function numberKindName(sampleFormat: number, bits: number): string {
  return `${sampleFormats[sampleFormat] || "unknown"}${bits}`;
}

/** A kind of numbers by its name; `undefined` where another decoder may know it. */
export function findNumberKind(name: string): NumberKind | undefined {
  return Object.hasOwn(kinds, name) ? kinds[name] : undefined;
}
