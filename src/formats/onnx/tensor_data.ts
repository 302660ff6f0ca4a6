import { countOf } from "../../base/tensor_info.ts";
import { damaged } from "./damaged.ts";
import { type ElementKind, kindOfCode, type Numbers } from "./element_type.ts";
import type { TensorProto, TypedNumbers } from "./model_proto.ts";
import { MessageReader, type Place, type WindowedBytes } from "./protobuf.ts";
import type { PartReader } from "./value.ts";

/** Bytes of numbers, wherever they stand. */
export interface StoredBytes extends Place {
  readonly bytes: WindowedBytes;
}

/** The bits in single precision of a number of sixteen bits with five for its exponent. */
function fromHalf(bits: number): number {
  const sign = (bits & 0x8000) << 16, exponent = bits & 0x7c00, fraction = bits & 0x3ff;
  if (exponent === 0x7c00) return sign | 0x7f800000 | fraction << 13;
  if (exponent !== 0) return sign | ((bits & 0x7fff) << 13) + (112 << 23);
  if (fraction === 0) return sign;
  const shift = Math.clz32(fraction) - 21; // smaller than what has an exponent
  return sign | 113 - shift << 23 | (fraction << shift & 0x3ff) << 13;
}

/** From the bits of a number to those in single precision, of the types that are held so. */
const decoders: Readonly<Record<string, (bits: number) => number>> = {
  float16: fromHalf,
  bfloat16: (bits) => bits << 16,
};

/** The bits of numbers in single precision. */
function bitsOf({ buffer, byteOffset, length }: Numbers): Int32Array {
  return new Int32Array(buffer, byteOffset, length);
}

/** Two numbers in each byte, the lower half first. */
function unpackHalves(bytes: Uint8Array, { type }: ElementKind, target: Numbers): void {
  for (let index = 0; index < target.length; index++) {
    const bits = bytes[index >> 1]! >> 4 * (index & 1) & 0xf;
    target[index] = type === "int4" && bits > 7 ? bits - 16 : bits;
  }
}

/** Bytes of numbers, to be written to. */
function bytesIn({ buffer, byteOffset, byteLength }: Numbers): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/** Numbers of sixteen bits, read into the second half of the place that they will take: none is written over unread. */
function decodeSixteen(
  read: (target: Uint8Array) => void,
  decode: (bits: number) => number,
  target: Numbers,
): void {
  const stored = new Uint16Array(target.buffer, target.byteOffset + 2 * target.length, target.length);
  read(bytesIn(stored));
  const single = bitsOf(target);
  for (let index = 0; index < single.length; index++) single[index] = decode(stored[index]!);
}

/** Integers of 64 bits. */
function decodeLong(bytes: Uint8Array, { type }: ElementKind, target: Numbers): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let index = 0; index < target.length; index++) {
    const high = type === "int64" ? view.getInt32(8 * index + 4, true) : view.getUint32(8 * index + 4, true);
    target[index] = high * 2 ** 32 + view.getUint32(8 * index, true);
  }
}

/** Where some of a tensor's numbers are read to. */
interface Reading {
  readonly kind: ElementKind;
  readonly target: Numbers;
}

/** Write numbers that are stored as bytes, from one on; where two stand in a byte, from the first on. */
function readRaw({ bytes, start }: StoredBytes, { kind, target }: Reading, first = 0): void {
  const { type, bits } = kind, at = start + first * bits / 8;
  const decode = decoders[type], read = (target: Uint8Array) => bytes.read(at, target);
  if (decode) return decodeSixteen(read, decode, target);
  const isLong = type.endsWith("int64");
  if (bits >= 8 && !isLong) return read(bytesIn(target)); // held as they are stored
  const stored = bytes.slice(at, bytesFor(kind, target.length));
  if (isLong) decodeLong(stored, kind, target);
  else unpackHalves(stored, kind, target);
}

/** All numbers of a field, as they stand there. */
function* numbersIn(
  bytes: WindowedBytes,
  typed: readonly (TypedNumbers & { wire?: number; value?: number })[],
) {
  for (const { kind, start, end, wire, value } of typed) {
    if (kind === "varint") {
      if (wire === 0) yield value!;
      else yield* new MessageReader(bytes, { start, end }).varints();
      continue;
    }
    const size = kind === "float" ? 4 : 8;
    const view = new DataView(bytes.slice(start, end - start).slice().buffer);
    for (let at = 0; at + size <= view.byteLength; at += size) {
      yield kind === "float" ? view.getFloat32(at, true) : view.getFloat64(at, true);
    }
  }
}

/** Write numbers that are stored one by one. */
function readTyped({ bytes, typed }: TensorProto, kind: ElementKind, target: Numbers): void {
  const decode = decoders[kind.type], single = decode && bitsOf(target);
  let index = 0;
  for (const number of numbersIn(bytes, typed)) {
    if (kind.bits === 4) { // two in each
      for (const shift of [0, 4]) {
        const bits = number >> shift & 0xf;
        if (index < target.length) target[index++] = kind.type === "int4" && bits > 7 ? bits - 16 : bits;
      }
    } else if (index < target.length) {
      if (single) single[index] = decode!(number);
      else target[index] = number;
    }
    if (kind.bits !== 4) index++;
  }
  if (index !== target.length) damaged(`it holds ${index} numbers for ${target.length}`);
}

/** How many bytes so many numbers of a type take. */
function bytesFor({ bits }: ElementKind, count: number): number {
  return Math.ceil(count * bits / 8);
}

/** A tensor of a file: its type, its shape and how to read its numbers. */
export interface StoredTensor {
  readonly kind: ElementKind;
  readonly shape: readonly number[];
  /** Read the numbers, each time anew. */
  read(): Numbers;
  /** Read some of them; `undefined` where all have to be. */
  readonly readPart: PartReader | undefined;
}

/**
 * A tensor of a file, checked.
 *
 * @param tensor As the file has it.
 * @param external Its bytes in another file, where they stand there.
 */
export function openTensor(tensor: TensorProto, external?: StoredBytes): StoredTensor {
  const kind = kindOfCode(tensor.dataType) ?? damaged(`its type ${tensor.dataType} is not known`);
  const { dims: shape } = tensor;
  if (shape.some((size) => size < 0)) damaged("its shape is damaged");
  const count = countOf(shape);
  const raw = external ?? (tensor.raw && { ...tensor.raw, bytes: tensor.bytes });
  const expected = bytesFor(kind, count);
  if (raw && raw.end - raw.start !== expected) {
    damaged(`it holds ${raw.end - raw.start} bytes, but its shape [${shape.join(", ")}] says ${expected}`);
  }
  if (!raw && count > 2 * tensor.typed.reduce((sum, { start, end }) => sum + end - start, 0)) {
    damaged(`it holds no numbers for its shape [${shape.join(", ")}]`);
  }
  return {
    kind,
    shape,
    read() {
      const target = kind.make(count);
      if (raw) readRaw(raw, { kind, target });
      else readTyped(tensor, kind, target);
      return target;
    },
    readPart: raw && kind.bits >= 8 ? (first, target) => readRaw(raw, { kind, target }, first) : undefined,
  };
}
