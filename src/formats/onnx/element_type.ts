/** What a number of an array is, as ONNX names it. */
export type ElementType =
  | "float32"
  | "uint8"
  | "int8"
  | "uint16"
  | "int16"
  | "int32"
  | "int64"
  | "string"
  | "bool"
  | "float16"
  | "float64"
  | "uint32"
  | "uint64"
  | "bfloat16"
  | "uint4"
  | "int4";

/** Numbers of an array. Half precision is held in single; integers of 64 bits in double, exact up to 2⁵³. */
export type Numbers =
  | Float32Array
  | Float64Array
  | Int32Array
  | Uint32Array
  | Int16Array
  | Uint16Array
  | Int8Array
  | Uint8Array;

/** An element type: how it is stored in a file, and how it is held. */
export interface ElementKind {
  readonly type: ElementType;
  /** Bits of one number in a file. */
  readonly bits: number;
  /** An array of so many numbers. */
  make(size: number): Numbers;
  /** Whether it is a number with a fraction. */
  readonly isFloat: boolean;
  /** Whether it is held in single precision. */
  readonly isSingle: boolean;
}

function kind(type: ElementType, bits: number, make: (size: number) => Numbers): ElementKind {
  const isSingle = make(0) instanceof Float32Array;
  return { type, bits, make, isFloat: type.includes("float"), isSingle };
}

/** By the number that stands for it in a file, which is its place here. */
const kinds: readonly (ElementKind | undefined)[] = [
  undefined,
  kind("float32", 32, (size) => new Float32Array(size)),
  kind("uint8", 8, (size) => new Uint8Array(size)),
  kind("int8", 8, (size) => new Int8Array(size)),
  kind("uint16", 16, (size) => new Uint16Array(size)),
  kind("int16", 16, (size) => new Int16Array(size)),
  kind("int32", 32, (size) => new Int32Array(size)),
  kind("int64", 64, (size) => new Float64Array(size)),
  undefined, // strings
  kind("bool", 8, (size) => new Uint8Array(size)),
  kind("float16", 16, (size) => new Float32Array(size)),
  kind("float64", 64, (size) => new Float64Array(size)),
  kind("uint32", 32, (size) => new Uint32Array(size)),
  kind("uint64", 64, (size) => new Float64Array(size)),
  undefined, // complex numbers
  undefined,
  kind("bfloat16", 16, (size) => new Float32Array(size)),
  undefined, // of eight bits with a fraction, four kinds
  undefined,
  undefined,
  undefined,
  kind("uint4", 4, (size) => new Uint8Array(size)),
  kind("int4", 4, (size) => new Int8Array(size)),
];

const byType = new Map(kinds.flatMap((kind) => kind ? [[kind.type, kind]] : []));

/** The element type of a number that stands for it; `undefined` for those that nothing here computes with. */
export function kindOfCode(code: number): ElementKind | undefined {
  return kinds[code];
}

/** What is known of an element type. */
export function kindOf(type: ElementType): ElementKind {
  return byType.get(type)!;
}

/** Whether a number of a type has a fraction. */
export function isFloat(type: ElementType): boolean {
  return type.includes("float");
}
