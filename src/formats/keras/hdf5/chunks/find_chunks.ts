import { walkTree1 } from "../btree1.ts";
import { walkTree2 } from "../btree2.ts";
import { Damage } from "../errors.ts";
import { walkExtensibleArray } from "./extensible_array.ts";
import { walkFixedArray } from "./fixed_array.ts";
import type { ChunkIndex } from "../layout.ts";
import type { ReadEntry, StoredChunk } from "./stored_chunk.ts";
import type { StoredFile } from "../stored_file.ts";

/** A chunk, and its place among the chunks along each axis. */
export interface PlacedChunk extends StoredChunk {
  readonly place: readonly number[];
}

/** What is known of an array before its chunks are looked for. */
export interface Grid {
  /** How many elements a chunk has along each axis. */
  readonly chunk: readonly number[];
  /** How many chunks there can be along each axis, when the array has grown as far as it may. */
  readonly maxCounts: readonly number[];
  /** How many chunks there are now along each axis. */
  readonly counts: readonly number[];
  /** The bytes of a chunk that is not packed. */
  readonly chunkSize: number;
  readonly isPacked: boolean;
}

/** The place of the chunk with a number, where they are counted along the last axis first. */
function placeOf(number: number, counts: readonly number[]): number[] {
  const place: number[] = [];
  let rest = number;
  for (let axis = counts.length - 1; axis > 0; axis--) {
    place.unshift(rest % counts[axis]!);
    rest = Math.floor(rest / counts[axis]!);
  }
  return [rest, ...place];
}

/** The same where the one axis that knows no bound counts last. */
function placeInGrowing(number: number, counts: readonly number[]): number[] {
  const free = Math.max(0, counts.indexOf(Infinity));
  const turned = [counts[free]!, ...counts.filter((_, axis) => axis !== free)];
  const [first, ...others] = placeOf(number, turned);
  return [...others.slice(0, free), first!, ...others.slice(free)];
}

/** How an entry tells of a chunk: its address and, if it is packed, its size and the filters left out. */
function entryReader({ isPacked, chunkSize }: Grid): ReadEntry {
  return (cursor, size) => {
    const entry = cursor.inner(size);
    const address = entry.address();
    const stored = isPacked ? entry.uint(size - entry.at - 4) : chunkSize;
    const mask = isPacked ? entry.uint(4) : 0;
    return address === undefined ? undefined : { address, size: stored, mask };
  };
}

/** Walks an index that lies at an address. */
type WalkIndex = (file: StoredFile, index: { readonly address: number } & ChunkIndex, grid: Grid) => Iterable<
  PlacedChunk
>;

/** How chunks are found by each kind of index. */
const indexes: Readonly<Record<ChunkIndex["kind"], WalkIndex>> = {
  *"tree 1"(file, { address }, { chunk }) {
    const keySize = 8 + 8 * (chunk.length + 1);
    for (const { key, child } of walkTree1(file, address, { number: 1, keySize })) {
      const [size, mask] = [key.uint(4), key.uint(4)];
      const place = chunk.map((length) => key.uint(8) / length);
      yield { address: child, size, mask, place };
    }
  },
  *single(_file, { address, packed }, { counts, chunkSize }) {
    yield { address, size: packed?.size ?? chunkSize, mask: packed?.mask ?? 0, place: counts.map(() => 0) };
  },
  *implicit(file, { address }, { counts, maxCounts, chunkSize }) {
    const count = maxCounts.reduce((product, size) => product * size, 1);
    if (!file.holds(address, count * chunkSize)) throw new Damage("chunks lead out of the file");
    const inside = (place: readonly number[]) => place.every((at, axis) => at < counts[axis]!);
    for (let number = 0; number < count; number++) {
      const place = placeOf(number, maxCounts);
      if (inside(place)) yield { address: address + number * chunkSize, size: chunkSize, mask: 0, place };
    }
  },
  *fixed(file, { address }, grid) {
    for (const [number, chunk] of walkFixedArray(file, address, entryReader(grid))) {
      yield { ...chunk, place: placeOf(number, grid.maxCounts) };
    }
  },
  *extensible(file, { address }, grid) {
    for (const [number, chunk] of walkExtensibleArray(file, address, entryReader(grid))) {
      yield { ...chunk, place: placeInGrowing(number, grid.maxCounts) };
    }
  },
  *"tree 2"(file, { address }, grid) {
    const placeSize = 8 * grid.chunk.length;
    const read = entryReader(grid);
    for (const record of walkTree2(file, address)) {
      const chunk = read(record, record.left - placeSize);
      const place = grid.chunk.map(() => record.uint(8));
      if (chunk) yield { ...chunk, place };
    }
  },
};

/** The chunks of an array that are stored; others hold what it is filled with. */
export function findChunks(file: StoredFile, index: ChunkIndex, grid: Grid): Iterable<PlacedChunk> {
  const { address } = index;
  return address === undefined ? [] : indexes[index.kind](file, { ...index, address }, grid);
}
