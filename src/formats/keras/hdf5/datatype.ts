import type { Cursor } from "./cursor.ts";
import { Damage } from "./errors.ts";

/** Whole numbers of some of an element's bits. */
export interface IntegerType {
  readonly kind: "integer";
  readonly size: number;
  readonly isBigEndian: boolean;
  readonly isSigned: boolean;
  readonly bitOffset: number;
  readonly precision: number;
}

/** Where a floating-point number has a part of it, in bits. */
export interface BitField {
  readonly at: number;
  readonly size: number;
}

/** Floating-point numbers of any layout. */
export interface FloatType {
  readonly kind: "float";
  readonly size: number;
  readonly isBigEndian: boolean;
  readonly signAt: number;
  readonly exponent: BitField;
  readonly mantissa: BitField;
  readonly bias: number;
  /** Whether the mantissa's first bit is left out, being 1. */
  readonly isImplied: boolean;
}

/** What an element is. */
export type Datatype =
  | IntegerType
  | FloatType
  | { readonly kind: "text"; readonly size: number; readonly isSpacePadded: boolean }
  | { readonly kind: "long text"; readonly size: number }
  | { readonly kind: "bytes"; readonly size: number }
  | { readonly kind: "other"; readonly size: number };

/** A datatype's first fields. */
interface Head {
  readonly flags: number;
  readonly size: number;
}

/** The most bytes of a number that is read. */
const maxNumberSize = 16;

/** The bits of the flags for VAX's order of bytes, which is read nowhere. */
const vax = 0x40;

function readInteger({ flags, size }: Head, cursor: Cursor): Datatype {
  const [bitOffset, precision] = [cursor.uint(2), cursor.uint(2)];
  if (precision === 0 || bitOffset + precision > size * 8) throw new Damage("a number has no bits");
  if (size > maxNumberSize) return { kind: "other", size };
  const isSigned = (flags & 8) !== 0;
  return { kind: "integer", size, isBigEndian: (flags & 1) !== 0, isSigned, bitOffset, precision };
}

function readFloat({ flags, size }: Head, cursor: Cursor): Datatype {
  cursor.skip(4);
  const [exponent, mantissa] = [0, 1].map(() => ({ at: cursor.uint(1), size: cursor.uint(1) })) as [
    BitField,
    BitField,
  ];
  const bias = cursor.uint(4);
  const signAt = flags >> 8 & 0xff;
  const last = Math.max(signAt + 1, exponent.at + exponent.size, mantissa.at + mantissa.size);
  if (last > size * 8 || exponent.size === 0 || mantissa.size === 0) {
    throw new Damage("a number's parts are outside of it");
  }
  if (flags & vax || size > maxNumberSize) return { kind: "other", size };
  const isImplied = (flags >> 4 & 3) === 2;
  return { kind: "float", size, isBigEndian: (flags & 1) !== 0, signAt, exponent, mantissa, bias, isImplied };
}

/** How each class of datatypes is read; what is not here is no number and no text. */
const readers: Readonly<Record<number, (head: Head, cursor: Cursor) => Datatype>> = {
  0: readInteger,
  1: readFloat,
  2: (head) => ({ kind: "bytes", size: head.size }), // times
  3: ({ flags, size }) => ({ kind: "text", size, isSpacePadded: (flags & 15) === 2 }),
  4: (head) => ({ kind: "bytes", size: head.size }), // bits
  5: (head) => ({ kind: "bytes", size: head.size }), // bytes that are not interpreted
  9: ({ flags, size }) => ({ kind: (flags & 15) === 1 ? "long text" : "other", size }),
};

/** @param cursor The message's content. */
export function readDatatype(cursor: Cursor): Datatype {
  const start = cursor.uint(1);
  const head = { flags: cursor.uint(3), size: cursor.uint(4) };
  if (start >> 4 === 0 || start >> 4 > 5) throw new Damage("a datatype is of a version that is not known");
  if (head.size === 0) throw new Damage("an element has no size");
  return readers[start & 15]?.(head, cursor) ?? { kind: "other", size: head.size };
}
