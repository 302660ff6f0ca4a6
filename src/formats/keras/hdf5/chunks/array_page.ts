import { verify } from "../checksum.ts";
import type { StoredFile } from "../stored_file.ts";
import type { NumberedChunk, ReadEntry } from "./stored_chunk.ts";

/** Entries of an array of chunks that lie behind each other. */
export interface EntryRun {
  /** The number of the first. */
  readonly first: number;
  readonly count: number;
  readonly entrySize: number;
}

/** The entries of a page, which ends with a checksum of its own. */
export function* readPage(
  file: StoredFile,
  address: number,
  { first, count, entrySize }: EntryRun,
  read: ReadEntry,
): Generator<NumberedChunk> {
  const page = file.cursor(address, count * entrySize + 4);
  verify(page.bytes);
  for (let index = 0; index < count; index++) {
    const chunk = read(page, entrySize);
    if (chunk) yield [first + index, chunk];
  }
}

/** Whether a page has been written to: the bits of a map stand for pages, the highest of a byte first. */
export function isWritten(map: Uint8Array, page: number): boolean {
  return (map[page >> 3]! & 128 >> (page & 7)) !== 0;
}
