/**
 * HDF5's heaps of texts of any length. Where one is damaged, HDF5 may walk its objects for ever, so that they are
 * walked here before.
 *
 * @module
 */
import type { ByteSource } from "../../platform/byte_source.ts";

/** How a heap begins: `GCOL`. */
const signature = [0x47, 0x43, 0x4f, 0x4c] as const;

/** How many bytes of a file are looked through at once. */
const windowSize = 2 ** 20;

/** The bytes of a heap's own header, and of an object's. */
const headerSize = 16;

/** A number of 64 bits; what is beyond JavaScript's whole numbers is beyond any file as well. */
function readLong(view: DataView, at: number): number {
  return view.getUint32(at, true) + view.getUint32(at + 4, true) * 2 ** 32;
}

/** The size of the smallest heap. */
const smallest = 4096;

/** Whether a walk through a heap's objects comes to its end, with steps that HDF5 can count in 32 bits. */
function comesToEnd(view: DataView, start: number, end: number): boolean {
  for (let at = start + headerSize; at + headerSize <= end;) {
    const isObject = view.getUint16(at, true) !== 0;
    const size = readLong(view, at + 8);
    if (size > end - at || (!isObject && size === 0)) return false;
    at += isObject ? headerSize + Math.ceil(size / 8) * 8 : size; // free space counts its own header
  }
  return true;
}

/** Whether what stands at a place that looks like a heap's beginning can be walked through, or is no heap. */
function isSound(source: ByteSource, at: number): boolean {
  const header = new Uint8Array(headerSize);
  if (source.read(at, header) < headerSize) return true;
  const view = new DataView(header.buffer);
  const size = readLong(view, 8);
  // What only looks like a heap, such as weights, or leads out of the file, is none to HDF5 either.
  if (view.getUint32(4, true) !== 1 || size < smallest || at + size > source.size) return true;
  const heap = new Uint8Array(size);
  source.read(at, heap);
  return comesToEnd(new DataView(heap.buffer), 0, size);
}

/** Where the next heap may begin; −1 if nowhere. A search for one byte is many times as fast as one for several. */
function findSignature(bytes: Uint8Array, from: number): number {
  let at = bytes.indexOf(signature[0], from);
  while (at >= 0 && signature.some((byte, index) => bytes[at + index] !== byte)) {
    at = bytes.indexOf(signature[0], at + 1);
  }
  return at;
}

/**
 * Whether HDF5 comes to an end with all heaps of a file.
 *
 * @param source The file, which is looked through in windows.
 */
export function areHeapsSound(source: ByteSource): boolean {
  const window = new Uint8Array(Math.min(windowSize, source.size));
  for (let start = 0; start < source.size; start += windowSize - signature.length + 1) {
    const part = window.subarray(0, source.read(start, window));
    for (let at = findSignature(part, 0); at >= 0; at = findSignature(part, at + 1)) {
      if (!isSound(source, start + at)) return false;
    }
  }
  return true;
}
