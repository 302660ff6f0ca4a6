import type { Cursor } from "./cursor.ts";
import { Damage, Unreadable } from "./errors.ts";

/** How the chunks of an array are found. */
export interface ChunkIndex {
  readonly kind: "tree 1" | "single" | "implicit" | "fixed" | "extensible" | "tree 2";
  /** Where the index lies, or the chunks themselves; `undefined` where there are none yet. */
  readonly address: number | undefined;
  /** Of a single packed chunk: its bytes, and the filters that were left out. */
  readonly packed?: { readonly size: number; readonly mask: number };
}

/** Bytes in boxes of one size. */
export interface ChunkedLayout {
  readonly kind: "chunked";
  /** The elements of a chunk along each axis. */
  readonly chunk: readonly number[];
  readonly index: ChunkIndex;
  /** Whether chunks that reach beyond the array are packed as well. */
  readonly packsEdges: boolean;
}

/** Where an array's bytes are: in its header, in one piece, or in chunks. */
export type Layout =
  | { readonly kind: "compact"; readonly bytes: Uint8Array }
  | { readonly kind: "contiguous"; readonly address: number | undefined; readonly size: number | undefined }
  | ChunkedLayout;

/** The numbers of the classes of layouts. */
const compact = 0;
const contiguous = 1;
const chunked = 2;

/** The elements along an array's axes, without the last number, which is an element's size. */
function readChunk(cursor: Cursor, axes: number, size: number): number[] {
  const chunk = Array.from({ length: axes }, () => cursor.uint(size)).slice(0, -1);
  if (chunk.length === 0 || chunk.includes(0)) throw new Damage("a chunk has no size");
  return chunk;
}

/** Versions 1 and 2, whose sizes follow from the array's own. */
function readOld(cursor: Cursor): Layout {
  const axes = cursor.uint(1);
  const kind = cursor.uint(1);
  cursor.skip(5);
  const address = kind === compact ? undefined : cursor.address();
  if (kind === contiguous) return { kind: "contiguous", address, size: undefined };
  if (kind === chunked) {
    const chunk = readChunk(cursor, axes, 4);
    return { kind: "chunked", chunk, index: { kind: "tree 1", address }, packsEdges: true };
  }
  cursor.skip(4 * axes);
  return { kind: "compact", bytes: cursor.take(cursor.uint(4)) };
}

/** How each kind of index of recent versions begins, and what it is called. */
const indexes: Readonly<Record<number, readonly [kind: ChunkIndex["kind"], fields: number]>> = {
  2: ["implicit", 0],
  3: ["fixed", 1],
  4: ["extensible", 5],
  5: ["tree 2", 6],
};

/** Bits of a chunked layout's flags. */
const plainEdges = 1;
const packedSingle = 2;

/** @param sizeOfSize How many bytes give a single packed chunk's size. */
function readChunked(cursor: Cursor, sizeOfSize: number): Layout {
  const flags = cursor.uint(1);
  const axes = cursor.uint(1);
  const chunk = readChunk(cursor, axes, cursor.uint(1));
  const packsEdges = (flags & plainEdges) === 0;
  const number = cursor.uint(1);
  if (number === 1) {
    const isPacked = (flags & packedSingle) !== 0;
    const packed = isPacked ? { packed: { size: cursor.uint(sizeOfSize), mask: cursor.uint(4) } } : {};
    return {
      kind: "chunked",
      chunk,
      index: { kind: "single", address: cursor.address(), ...packed },
      packsEdges,
    };
  }
  const [kind, fields] = indexes[number] ?? [];
  if (kind === undefined) throw new Damage("chunks are found in a way that is not known");
  cursor.skip(fields!);
  return { kind: "chunked", chunk, index: { kind, address: cursor.address() }, packsEdges };
}

/** @param cursor The message's content. */
export function readLayout(cursor: Cursor): Layout {
  const version = cursor.uint(1);
  if (version === 0 || version > 5) throw new Damage("a layout is of a version that is not known");
  if (version < 3) return readOld(cursor);
  const kind = cursor.uint(1);
  if (kind === compact) return { kind: "compact", bytes: cursor.take(cursor.uint(2)) };
  if (kind === contiguous) {
    return { kind: "contiguous", address: cursor.address(), size: cursor.length() };
  }
  if (kind !== chunked) throw new Unreadable("lie in other files: save the model in one");
  if (version > 3) return readChunked(cursor, cursor.sizes.length);
  const axes = cursor.uint(1);
  const address = cursor.address();
  return {
    kind: "chunked",
    chunk: readChunk(cursor, axes, 4),
    index: { kind: "tree 1", address },
    packsEdges: true,
  };
}
