import { Damage } from "./errors.ts";
import type { StoredFile } from "./stored_file.ts";

/** How many bytes come before a heap's objects, and before each object's content. */
const headerSize = 16;

/** Reads texts of any length out of the heaps that they lie in. */
export class GlobalHeaps {
  readonly #heaps = new Map<number, ReadonlyMap<number, Uint8Array>>();

  constructor(readonly file: StoredFile) {}

  /**
   * An object's content.
   *
   * @param address Where its heap lies.
   * @param index Its number there.
   */
  read(address: number, index: number): Uint8Array {
    let heap = this.#heaps.get(address);
    if (!heap) this.#heaps.set(address, heap = this.#readHeap(address));
    const found = heap.get(index);
    if (!found) throw new Damage("a text is missing");
    return found;
  }

  #readHeap(address: number): ReadonlyMap<number, Uint8Array> {
    const { length } = this.file.sizes;
    const prefix = this.file.cursor(address, 8 + length);
    prefix.expect("GCOL");
    prefix.expectByte(1);
    prefix.skip(3);
    const size = prefix.length();
    const heap = this.file.cursor(address, size);
    heap.skip(headerSize);
    const objects = new Map<number, Uint8Array>();
    while (heap.left >= headerSize) {
      const index = heap.uint(2);
      heap.skip(6);
      const size = heap.length();
      heap.align();
      if (index === 0) break; // what follows is free
      objects.set(index, heap.take(size));
      heap.align(); // as every part of a heap is
    }
    return objects;
  }
}
