/**
 * Python's marshal format, in which Keras keeps the code of functions: read as data, and nothing of it is run.
 *
 * @module
 */
import { type CodeLayout, codeLayouts } from "./code.ts";
import { ellipsis, MarshalError, type PythonCode, type PythonConstant, PythonSlice } from "./python.ts";

/** How deep values may be nested. */
const deepest = 50;

/** The bit of a type that says that what follows may be referred to later. */
const isReferred = 0x80;

/** Reads one value after another. */
class Reader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #layout: CodeLayout;
  readonly #references: (PythonConstant | undefined)[] = [];
  readonly #interned: string[] = [];
  #at = 0;
  #depth = 0;

  constructor(bytes: Uint8Array, layout: CodeLayout) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#layout = layout;
  }

  /** Some bytes that follow. */
  take(count: number): Uint8Array {
    if (count < 0 || this.#at + count > this.#bytes.length) throw new MarshalError("is cut short");
    return this.#bytes.subarray(this.#at, this.#at += count);
  }

  /** One byte. */
  byte(): number {
    return this.take(1)[0]!;
  }

  /** A whole number of four bytes. */
  int(): number {
    this.take(4);
    return this.#view.getInt32(this.#at - 4, true);
  }

  double(): number {
    this.take(8);
    return this.#view.getFloat64(this.#at - 8, true);
  }

  /** A whole number of any size: pieces of 15 bits. */
  long(): number {
    const count = this.int();
    let value = 0;
    for (let index = 0; index < Math.abs(count); index++) {
      const low = this.byte();
      value += (low | this.byte() << 8) * 2 ** (15 * index);
    }
    return Math.sign(count) * value;
  }

  text(count: number): string {
    return new TextDecoder().decode(this.take(count));
  }

  list(count: number): PythonConstant[] {
    if (count < 0 || count > this.#bytes.length) throw new MarshalError("is cut short");
    return Array.from({ length: count }, () => this.value());
  }

  interned(text: string): string {
    this.#interned.push(text);
    return text;
  }

  internedAt(index: number): string {
    const text = this.#interned[index];
    if (text === undefined) throw new MarshalError("is damaged");
    return text;
  }

  reference(index: number): PythonConstant {
    const value = this.#references[index];
    if (value === undefined) throw new MarshalError("is damaged");
    return value;
  }

  code(): PythonCode {
    return this.#layout.read(this);
  }

  /** The next value. */
  value(): PythonConstant {
    const noted = this.byte();
    const type = String.fromCharCode(noted & ~isReferred);
    const read = Object.hasOwn(types, type) ? types[type] : undefined;
    if (!read) throw new MarshalError("is damaged");
    if (++this.#depth > deepest) throw new MarshalError("is damaged");
    const place = noted & isReferred ? this.#references.push(undefined) - 1 : undefined;
    const value = read(this);
    if (place !== undefined) this.#references[place] = value;
    this.#depth--;
    return value;
  }
}

/** How a value of each type is read. */
const types: Readonly<Record<string, (from: Reader) => PythonConstant>> = {
  N: () => null,
  T: () => true,
  F: () => false,
  ".": () => ellipsis,
  i: (from) => from.int(),
  l: (from) => from.long(),
  g: (from) => from.double(),
  f: (from) => Number(from.text(from.byte())),
  s: (from) => from.take(from.int()),
  u: (from) => from.text(from.int()),
  t: (from) => from.interned(from.text(from.int())),
  a: (from) => from.text(from.int()),
  A: (from) => from.text(from.int()),
  z: (from) => from.text(from.byte()),
  Z: (from) => from.text(from.byte()),
  R: (from) => from.internedAt(from.int()), // Python 2's
  r: (from) => from.reference(from.int()),
  "(": (from) => from.list(from.int()),
  ")": (from) => from.list(from.byte()),
  "[": (from) => from.list(from.int()),
  ":": (from) => new PythonSlice(from.value(), from.value(), from.value()),
  c: (from) => from.code(),
};

/**
 * The code of a function, in each layout in which it can be read: bytes do not say which Python wrote them.
 *
 * @param bytes As `marshal.dumps` gives them.
 * @returns At least one.
 * @throws {MarshalError} If they are no code.
 */
export function readCode(bytes: Uint8Array): PythonCode[] {
  const problems: string[] = [];
  const found = codeLayouts.flatMap((layout) => {
    try {
      const value = new Reader(bytes, layout).value();
      return isCode(value) ? [value] : [];
    } catch (error) {
      if (!(error instanceof MarshalError)) throw error;
      problems.push(error.message);
      return [];
    }
  });
  if (found.length > 0) return found;
  throw new MarshalError(
    problems.find((problem) => /^(takes|holds)/.test(problem)) ?? problems[0] ?? "is damaged",
  );
}

function isCode(value: PythonConstant): value is PythonCode {
  return typeof value === "object" && value !== null && "instructions" in value;
}
