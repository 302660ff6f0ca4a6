import type { ByteSource } from "../../../platform/byte_source.ts";
import { Cursor, type FieldSizes } from "./cursor.ts";
import { Damage } from "./errors.ts";
import { maxStructureBytes, maxUnpackedBytes } from "./limits.ts";
import type { Message } from "./message.ts";

/** How many bytes are read at once, and how many such windows are kept. */
const windowSize = 2 ** 16;
const maxWindows = 32;

/** A source whose small structures, which often lie close together, are read many at once. */
class Windows {
  readonly #windows = new Map<number, Uint8Array>();

  constructor(readonly source: ByteSource) {}

  read(position: number, size: number): Uint8Array {
    const index = Math.floor(position / windowSize);
    const start = position - index * windowSize;
    if (start + size > windowSize) return this.source.slice(position, size);
    const window = this.#windows.get(index) ?? this.source.slice(index * windowSize, windowSize);
    this.#windows.delete(index);
    this.#windows.set(index, window); // the last in the list is the one that was used last
    if (this.#windows.size > maxWindows) this.#windows.delete(this.#windows.keys().next().value!);
    return window.subarray(start, start + size);
  }
}

/** Where an HDF5 file lies within its source, and how it writes addresses. */
export interface Extent {
  readonly sizes: FieldSizes;
  /** Where addresses count from. */
  readonly base: number;
  /** How many bytes there are from there on. */
  readonly size: number;
  /** The address of the header of what concerns the whole file, where there is one. */
  readonly extension: number | undefined;
}

/**
 * The bytes of an HDF5 file by their addresses. What is read of its structures is counted: however they lead to each
 * other, reading them comes to an end.
 */
export class StoredFile {
  /** The messages of objects, by the addresses of their headers. */
  readonly headers = new Map<number, readonly Message[]>();
  readonly #windows: Windows;
  #structures: number;
  #unpacked: number;

  constructor(readonly source: ByteSource, readonly extent: Extent) {
    this.#windows = new Windows(source);
    this.#structures = maxStructureBytes(source.size);
    this.#unpacked = maxUnpackedBytes(source.size);
  }

  get sizes(): FieldSizes {
    return this.extent.sizes;
  }

  /** Bytes of a structure. */
  bytes(address: number, size: number): Uint8Array {
    this.#check(address, size);
    this.spend(size);
    return this.#windows.read(this.extent.base + address, size);
  }

  /** A structure, to be read field by field. */
  cursor(address: number, size: number): Cursor {
    return new Cursor(this.bytes(address, size), this.sizes);
  }

  /** A chunk. */
  chunk(address: number, size: number): Uint8Array {
    this.#check(address, size);
    this.spend(size);
    return this.source.slice(this.extent.base + address, size);
  }

  /** Numbers that are stored as they are, whose amount is bounded elsewhere. */
  readInto(address: number, target: Uint8Array): void {
    this.#check(address, target.length);
    this.source.read(this.extent.base + address, target);
  }

  /** Whether bytes lie in the file. */
  holds(address: number, size: number): boolean {
    return address + size <= this.extent.size;
  }

  /**
   * Count work that takes as long as to read so many bytes.
   *
   * @throws {Damage} If all that a sound file can need is spent.
   */
  spend(bytes: number): void {
    this.#structures -= bytes;
    if (this.#structures < 0) throw new Damage("its structures lead to each other without an end");
  }

  /** Count bytes before they are unpacked; throws likewise. */
  spendUnpacked(bytes: number): void {
    this.#unpacked -= bytes;
    if (this.#unpacked < 0) throw new Damage("its chunks would fill memory");
  }

  #check(address: number, size: number): void {
    if (!this.holds(address, size)) throw new Damage("an address leads out of the file");
  }
}
