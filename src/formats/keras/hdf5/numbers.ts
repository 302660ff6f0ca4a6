import type { FloatType, IntegerType } from "./datatype.ts";

/** What an array's elements can be. */
export type NumberType = IntegerType | FloatType;

/** Numbers as JavaScript holds them. */
type Numbers =
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | Float16Array
  | Float32Array
  | Float64Array
  | BigInt64Array
  | BigUint64Array;

type NumbersClass = new (buffer: ArrayBufferLike, start: number, length: number) => Numbers;

/** Whole numbers by their size: signed, and unsigned. */
const integers: Readonly<Record<number, readonly [NumbersClass, NumbersClass]>> = {
  1: [Int8Array, Uint8Array],
  2: [Int16Array, Uint16Array],
  4: [Int32Array, Uint32Array],
  8: [BigInt64Array, BigUint64Array],
};

/** IEEE's numbers by their size, and the bits of their mantissa and exponent. */
const floats: Readonly<Record<number, readonly [NumbersClass, mantissa: number, exponent: number]>> = {
  2: [Float16Array, 10, 5],
  4: [Float32Array, 23, 8],
  8: [Float64Array, 52, 11],
};

/** JavaScript's own array for numbers, where there is one. */
function classOf(type: NumberType): NumbersClass | undefined {
  if (type.kind === "integer") {
    const isWhole = type.bitOffset === 0 && type.precision === type.size * 8;
    return isWhole ? integers[type.size]?.[type.isSigned ? 0 : 1] : undefined;
  }
  const [numbers, mantissa, exponent] = floats[type.size] ?? [];
  const { exponent: e, mantissa: m } = type;
  const isStandard = m.at === 0 && m.size === mantissa && e.at === mantissa && e.size === exponent &&
    type.signAt === mantissa + exponent! && type.bias === 2 ** (exponent! - 1) - 1 && type.isImplied;
  return isStandard ? numbers : undefined;
}

/** Some bits of a number. */
function bitsAt(bits: bigint, at: number, size: number): bigint {
  return BigInt.asUintN(size, bits >> BigInt(at));
}

function toInteger(bits: bigint, { bitOffset, precision, isSigned }: IntegerType): number {
  const value = bits >> BigInt(bitOffset);
  return Number(isSigned ? BigInt.asIntN(precision, value) : BigInt.asUintN(precision, value));
}

/** (−1)^sign · 1.mantissa · 2^(exponent − bias), or 0.mantissa where the exponent is the least. */
function toFloat(bits: bigint, { signAt, exponent, mantissa, bias, isImplied }: FloatType): number {
  const sign = bitsAt(bits, signAt, 1) ? -1 : 1;
  const power = Number(bitsAt(bits, exponent.at, exponent.size));
  if (power === 2 ** exponent.size - 1) {
    const isInfinite = bitsAt(bits, mantissa.at, mantissa.size - (isImplied ? 0 : 1)) === 0n;
    return isInfinite ? sign * Infinity : NaN;
  }
  const fraction = Number(bitsAt(bits, mantissa.at, mantissa.size));
  if (!isImplied) return sign * fraction * 2 ** (power - bias - mantissa.size + 1);
  const scale = 2 ** -mantissa.size;
  return sign * (power === 0 ? fraction * scale * 2 : 1 + fraction * scale) * 2 ** (power - bias);
}

/** A number of any layout. */
function toNumber(bytes: Uint8Array, type: NumberType): number {
  let bits = 0n;
  for (let index = 0; index < bytes.length; index++) {
    const byte = bytes[type.isBigEndian ? index : bytes.length - 1 - index]!;
    bits = bits << 8n | BigInt(byte);
  }
  return type.kind === "integer" ? toInteger(bits, type) : toFloat(bits, type);
}

/** Numbers of two bytes have few values, so that each is worked out once. */
function decodePairs(bytes: Uint8Array, type: NumberType, target: Float32Array): void {
  const known = new Map<number, number>();
  for (let index = 0; index < target.length; index++) {
    const pair = bytes[2 * index]! << 8 | bytes[2 * index + 1]!;
    let value = known.get(pair);
    if (value === undefined) {
      value = toNumber(bytes.subarray(2 * index, 2 * index + 2), type);
      known.set(pair, value);
    }
    target[index] = value;
  }
}

/** The bytes of elements in the opposite order. */
function swap(bytes: Uint8Array, size: number): Uint8Array {
  const swapped = new Uint8Array(bytes.length);
  for (let start = 0; start < bytes.length; start += size) {
    for (let byte = 0; byte < size; byte++) swapped[start + byte] = bytes[start + size - 1 - byte]!;
  }
  return swapped;
}

/**
 * Whether bytes are float32 as they stand, so that they need not be decoded.
 *
 * @param type What they are of.
 */
export function isFloat32(type: NumberType): boolean {
  return classOf(type) === Float32Array && !type.isBigEndian;
}

/**
 * Read numbers as float32.
 *
 * @param bytes As many as fill the target.
 * @param target What they are written to.
 */
export function decodeNumbers(bytes: Uint8Array, type: NumberType, target: Float32Array): void {
  const { size } = type;
  const kind = classOf(type);
  if (!kind && size === 2) return decodePairs(bytes, type, target);
  if (!kind) {
    for (let index = 0; index < target.length; index++) {
      target[index] = toNumber(bytes.subarray(index * size, (index + 1) * size), type);
    }
    return;
  }
  const ordered = type.isBigEndian && size > 1 ? swap(bytes, size) : bytes;
  const aligned = ordered.byteOffset % size === 0 ? ordered : ordered.slice();
  const numbers = new kind(aligned.buffer, aligned.byteOffset, target.length);
  if (numbers instanceof BigInt64Array || numbers instanceof BigUint64Array) {
    for (let index = 0; index < target.length; index++) target[index] = Number(numbers[index]);
  } else target.set(numbers);
}
