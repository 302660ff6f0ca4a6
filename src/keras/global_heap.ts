/**
 * HDF5's heaps of texts of any length. Where one is damaged, HDF5 may walk its objects for ever, so that they are
 * walked here before.
 *
 * @module
 */
import { Buffer } from "node:buffer";

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

/**
 * Whether HDF5 comes to an end with all heaps of a file.
 *
 * @param bytes The file.
 */
export function areHeapsSound(bytes: Uint8Array): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = buffer.indexOf("GCOL"); at >= 0; at = buffer.indexOf("GCOL", at + 4)) {
    if (at + headerSize > bytes.length) return true;
    const size = readLong(view, at + 8);
    // What only looks like a heap, such as weights, or leads out of the file, is none to HDF5 either.
    if (view.getUint32(at + 4, true) !== 1 || size < smallest || at + size > bytes.length) continue;
    if (!comesToEnd(view, at, at + size)) return false;
  }
  return true;
}
