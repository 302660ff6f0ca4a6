/**
 * What an HDF5 file may take, which is held to its own size: so that no field of a damaged file, or of one that was made
 * to do harm, can ask for more.
 *
 * @module
 */

/** How much smaller than its numbers a packed array may be: what is larger was made to fill memory. */
const maxRatio = 200;

/** The largest array that is read, in bytes. */
const maxSize = 2 ** 31 - 1;

/** What the smallest file may take all the same. */
const least = 2 ** 20;

/** How many bytes of numbers a file of some bytes can hold, however it packs them. */
export function maxNumberBytes(size: number): number {
  return Math.min(size * maxRatio, maxSize);
}

/** How many bytes are read of structures, texts and packed chunks: each once, and some of them again. */
export function maxStructureBytes(size: number): number {
  return 8 * size + least;
}

/** How many bytes may come out of packed chunks, some of which reach beyond their arrays. */
export function maxUnpackedBytes(size: number): number {
  return 2 * size * maxRatio + 8 * least;
}
