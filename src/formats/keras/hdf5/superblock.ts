import type { ByteSource } from "../../../platform/byte_source.ts";
import { verify } from "./checksum.ts";
import { Cursor, type FieldSizes } from "./cursor.ts";
import { Damage } from "./errors.ts";
import { StoredFile } from "./stored_file.ts";

/** How a superblock begins. */
const signature = "\x89HDF\r\n\x1a\n";

/** The most bytes of a superblock, without what is rounded up to. */
const maxSize = 256;

/** How many bytes addresses and lengths may have. */
const fieldSizes = [2, 4, 8];

/** An HDF5 file and the object that all others are found from. */
export interface Root {
  readonly file: StoredFile;
  /** The address of the root group's header. */
  readonly group: number;
}

/** What a superblock says. */
interface Fields {
  readonly base: number;
  readonly end: number;
  readonly group: number;
  readonly extension?: number | undefined;
}

/** Where the superblock lies: at the start, or behind a block of the user's at 512, 1024, 2048 … */
function findSuperblock(source: ByteSource): number {
  for (let at = 0; at < source.size; at = at === 0 ? 512 : at * 2) {
    if (String.fromCharCode(...source.slice(at, signature.length)) === signature) return at;
  }
  throw new Damage("it has no superblock");
}

/** Versions 0 and 1, which hold the root group as an entry of a group. */
function readOld(version: number, bytes: Uint8Array): [Fields, FieldSizes] {
  const sizes = { offset: bytes[13]!, length: bytes[14]! };
  const cursor = new Cursor(bytes, sizes);
  cursor.skip(version === 0 ? 24 : 28);
  const base = cursor.place();
  cursor.address(); // of free space
  const end = cursor.place();
  cursor.address(); // of what drivers note
  cursor.skip(sizes.offset); // the root group's name
  return [{ base, end, group: cursor.place() }, sizes];
}

/** Versions 2 and 3. */
function readNew(bytes: Uint8Array): [Fields, FieldSizes] {
  const sizes = { offset: bytes[9]!, length: bytes[10]! };
  const cursor = new Cursor(bytes, sizes);
  cursor.skip(12);
  const base = cursor.place();
  const extension = cursor.address();
  const end = cursor.place();
  const group = cursor.place();
  cursor.skip(4);
  verify(bytes.subarray(0, cursor.at));
  return [{ base, end, group, extension }, sizes];
}

/**
 * Find where all begins.
 *
 * @throws {Damage} If it is no HDF5 file, or cut short.
 */
export function readSuperblock(source: ByteSource): Root {
  const start = findSuperblock(source);
  const bytes = source.slice(start, maxSize);
  const version = bytes[8] ?? 255;
  if (version > 3) throw new Damage("its superblock is of a version that is not known");
  const [{ base, end, group, extension }, sizes] = version < 2 ? readOld(version, bytes) : readNew(bytes);
  if (!fieldSizes.includes(sizes.offset) || !fieldSizes.includes(sizes.length)) {
    throw new Damage("its addresses are of a size that is not known");
  }
  // What comes before the superblock may have been put there later, or taken away.
  const size = end - base;
  if (!(size > 0 && start + size <= source.size)) throw new Damage("it is cut short");
  return { file: new StoredFile(source, { sizes, base: start, size, extension }), group };
}
