import { quote } from "../../../base/quote.ts";
import { Damage } from "./errors.ts";

/** How many bytes a file gives to an address and to a length. */
export interface FieldSizes {
  readonly offset: number;
  readonly length: number;
}

/** Reads one field after another, and never beyond the bytes that it was given. All numbers are little-endian. */
export class Cursor {
  #at = 0;

  constructor(readonly bytes: Uint8Array, readonly sizes: FieldSizes) {}

  get at(): number {
    return this.#at;
  }

  get left(): number {
    return this.bytes.length - this.#at;
  }

  /** The next bytes, as a view on them. */
  take(size: number): Uint8Array {
    if (!(size >= 0 && size <= this.left)) throw new Damage("a structure ends before its fields do");
    return this.bytes.subarray(this.#at, this.#at += size);
  }

  /** The next bytes, to be read by themselves. */
  inner(size: number): Cursor {
    return new Cursor(this.take(size), this.sizes);
  }

  skip(size: number): void {
    this.take(size);
  }

  /** Go on to the next multiple of eight bytes from the start, or to the end. */
  align(): void {
    this.skip(Math.min(-this.#at & 7, this.left));
  }

  /** A number without sign; what is beyond JavaScript's whole numbers is beyond any file as well. */
  uint(size: number): number {
    const bytes = this.take(size);
    let value = 0;
    for (let index = size - 1; index >= 0; index--) value = value * 256 + bytes[index]!;
    return value;
  }

  /** A place in the file; `undefined` where there is none. */
  address(): number | undefined {
    return this.optional(this.sizes.offset);
  }

  /** A number that is missing where all its bits are set. */
  optional(size: number): number | undefined {
    const start = this.#at;
    const value = this.uint(size);
    return this.bytes.subarray(start, this.#at).every((byte) => byte === 0xff) ? undefined : value;
  }

  /** A place in the file that must be there. */
  place(): number {
    const address = this.address();
    if (address === undefined) throw new Damage("an address is missing");
    return address;
  }

  length(): number {
    return this.uint(this.sizes.length);
  }

  /** Go past letters that must be there. */
  expect(signature: string): void {
    const found = String.fromCharCode(...this.take(signature.length));
    if (found !== signature) throw new Damage(`${quote(signature)} is missing`);
  }

  /** Go past a version or a kind that must be this one. */
  expectByte(value: number): void {
    if (this.uint(1) !== value) throw new Damage("a structure is of a version that is not known");
  }
}
