import type { ByteSource } from "../../platform/byte_source.ts";
import { damaged } from "./damaged.ts";

/** How many bytes are looked at together, and the most that are taken of them at once. */
const windowSize = 65536, mostTaken = 4096;

/** Bytes of a source, of which those in a row are read together. */
export class WindowedBytes {
  readonly #source: ByteSource;
  #window: Uint8Array<ArrayBuffer> = new Uint8Array();
  #start = 0;

  constructor(source: ByteSource) {
    this.#source = source;
  }

  /** How many there are. */
  get size(): number {
    return this.#source.size;
  }

  /** One of them. */
  at(position: number): number {
    const known = this.#window[position - this.#start];
    if (known !== undefined) return known;
    this.#moveTo(position);
    return this.#window[0] ?? damaged("it is cut off");
  }

  #moveTo(position: number): void {
    this.#window = this.#source.slice(position, windowSize);
    this.#start = position;
  }

  /** Some of them, which may be a view. */
  slice(position: number, size: number): Uint8Array<ArrayBuffer> {
    const bytes = size <= mostTaken ? this.#take(position, size) : this.#source.slice(position, size);
    return bytes.length === size ? bytes : damaged("it is cut off");
  }

  /** A few of them, of those that are read together. */
  #take(position: number, size: number): Uint8Array<ArrayBuffer> {
    const isWithin = position >= this.#start && position + size <= this.#start + this.#window.length;
    if (!isWithin) this.#moveTo(position);
    return this.#window.subarray(position - this.#start, position - this.#start + size);
  }

  /** Fill some of them in. */
  read(position: number, target: Uint8Array): void {
    if (this.#source.read(position, target) < target.length) damaged("it is cut off");
  }
}

/** Where something stands in a file. */
export interface Place {
  readonly start: number;
  readonly end: number;
}

/** A field of a message: a number of the wire, or where its bytes stand. */
export interface Field extends Place {
  /** Which field it is. */
  readonly number: number;
  /** How it is written: 0 a varint, 1 eight bytes, 2 bytes of a length, 5 four bytes. */
  readonly wire: number;
  /** The value of a varint, as a signed number; rounded beyond 2⁵³. */
  readonly value: number;
}

/** How many bytes each fixed kind takes. */
const fixedSizes: ReadonlyMap<number, number> = new Map([[1, 8], [5, 4]]);

/** A reader of Protocol Buffers' wire format, which leaves what it passes over unread. */
export class MessageReader {
  readonly bytes: WindowedBytes;
  readonly #end: number;
  #at: number;

  constructor(bytes: WindowedBytes, { start, end }: Place) {
    this.bytes = bytes;
    this.#at = start;
    this.#end = end;
  }

  /** The fields of the message, in order. */
  *fields(): Generator<Field> {
    while (this.#at < this.#end) yield this.#field();
  }

  /** All varints that are left, as in a packed field. */
  *varints(): Generator<number> {
    while (this.#at < this.#end) yield this.#varint();
  }

  #field(): Field {
    const tag = this.#varint();
    const wire = tag & 7, number = Math.floor(tag / 8);
    if (number < 1 || number > 2 ** 29) damaged("it is damaged");
    if (wire === 0) {
      const start = this.#at;
      const value = this.#varint();
      return { number, wire, value, start, end: this.#at };
    }
    const length = wire === 2 ? this.#varint() : fixedSizes.get(wire) ?? damaged("it is damaged");
    const start = this.#at, end = start + length;
    if (length < 0 || end > this.#end) damaged("it is cut off or damaged");
    this.#at = end;
    return { number, wire, value: 0, start, end };
  }

  /** A varint as a signed number of 64 bits. */
  #varint(): number {
    let low = 0, high = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      if (this.#at >= this.#end) damaged("it is cut off or damaged");
      const byte = this.bytes.at(this.#at++);
      const bits = byte & 0x7f;
      if (shift < 28) low |= bits << shift;
      else if (shift === 28) {
        low |= (bits & 0xf) << 28;
        high = bits >> 4;
      } else high |= shift === 63 ? (bits & 1) << 31 : bits << (shift - 32);
      if (byte < 0x80) return (high | 0) * 2 ** 32 + (low >>> 0);
    }
    return damaged("it is damaged");
  }
}

/** Text that stands at a place. */
export function textAt(bytes: WindowedBytes, { start, end }: Place): string {
  return new TextDecoder().decode(bytes.slice(start, end - start));
}

/** A number of four bytes that stands at a place. */
export function floatAt(bytes: WindowedBytes, { start }: Place): number {
  const { buffer, byteOffset } = bytes.slice(start, 4);
  return new DataView(buffer, byteOffset, 4).getFloat32(0, true);
}
