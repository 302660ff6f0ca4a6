import type { Cursor } from "../cursor.ts";

/** A chunk as it is stored. */
export interface StoredChunk {
  readonly address: number;
  /** How many bytes it has there. */
  readonly size: number;
  /** The filters that were left out, as bits. */
  readonly mask: number;
}

/** A chunk and its number. */
export type NumberedChunk = readonly [number: number, chunk: StoredChunk];

/** Reads an entry of an index; `undefined` if there is no such chunk. */
export type ReadEntry = (cursor: Cursor, size: number) => StoredChunk | undefined;
