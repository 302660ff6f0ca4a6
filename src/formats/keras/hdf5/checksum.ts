import { Damage } from "./errors.ts";

function rotate(value: number, bits: number): number {
  return value << bits | value >>> 32 - bits;
}

/** By how many bits lookup3 turns its numbers: after every twelve bytes, and at the end. */
const turns = [4, 6, 8, 16, 19, 4] as const;
const lastTurns = [14, 11, 25, 16, 4, 14, 24] as const;

/** Bob Jenkins's lookup3, which HDF5 writes behind its structures. */
function lookup3(bytes: Uint8Array): number {
  const word = (at: number) => bytes[at]! | bytes[at + 1]! << 8 | bytes[at + 2]! << 16 | bytes[at + 3]! << 24; // what is missing is 0
  let a = 0xdeadbeef + bytes.length | 0;
  let b = a;
  let c = a;
  let at = 0;
  for (; bytes.length - at > 12; at += 12) {
    a = a + word(at) | 0;
    b = b + word(at + 4) | 0;
    c = c + word(at + 8) | 0;
    for (const bits of turns) {
      const mixed = a - c ^ rotate(c, bits);
      c = c + b | 0;
      a = b; // each number takes the part of the one before it
      b = c;
      c = mixed;
    }
  }
  if (at === bytes.length) return c >>> 0;
  a = a + word(at) | 0;
  b = b + word(at + 4) | 0;
  c = c + word(at + 8) | 0;
  for (const bits of lastTurns) {
    const mixed = (c ^ b) - rotate(b, bits) | 0;
    c = a;
    a = b;
    b = mixed;
  }
  return b >>> 0;
}

/**
 * Hold a structure to the checksum in its last four bytes.
 *
 * @throws {Damage} If it is another's.
 */
export function verify(bytes: Uint8Array): void {
  const end = bytes.length - 4;
  if (end < 0) throw new Damage("a checksum is missing");
  const { buffer, byteOffset } = bytes;
  const stored = new DataView(buffer, byteOffset + end).getUint32(0, true);
  if (stored !== lookup3(bytes.subarray(0, end))) throw new Damage("a checksum is another's");
}

/** How many words can be added before a sum would not fit into 32 bits. */
const foldEvery = 360;

/** Fletcher's checksum of words of 16 bits, big-endian. */
export function fletcher32(bytes: Uint8Array): number {
  let low = 0;
  let high = 0;
  for (let at = 0; at < bytes.length;) {
    const end = Math.min(bytes.length, at + 2 * foldEvery);
    for (; at < end; at += 2) {
      low += bytes[at]! << 8 | bytes[at + 1]!; // behind the end is 0
      high += low;
    }
    low %= 0xffff;
    high %= 0xffff;
  }
  // HDF5 folds its sums instead: a multiple of 65535 remains one, and is 0 only where all bytes are.
  const fold = (sum: number) => sum === 0 && bytes.some((byte) => byte !== 0) ? 0xffff : sum;
  return (fold(high) << 16 | fold(low)) >>> 0;
}
