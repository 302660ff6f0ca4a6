import { verify } from "./checksum.ts";
import { Cursor } from "./cursor.ts";
import { Damage } from "./errors.ts";
import { FractalHeap } from "./fractal_heap.ts";
import { kinds } from "./message.ts";
import { needMessage, readHeader } from "./object_header.ts";
import type { StoredFile } from "./stored_file.ts";

/** The heaps of each file by the kinds of messages that lie in them. */
const heapsOf = new WeakMap<StoredFile, ReadonlyMap<number, FractalHeap>>();

/** The bits of an index that stand for the kinds of messages in its heap. */
function kindsIn(bits: number): number[] {
  return Array.from({ length: 16 }, (_, kind) => kind).filter((kind) => bits >> kind & 1);
}

/** The heaps that objects keep what they have in common in. */
function readHeaps(file: StoredFile): ReadonlyMap<number, FractalHeap> {
  const { extension } = file.extent;
  if (extension === undefined) throw new Damage("a table of shared messages is missing");
  const message = new Cursor(needMessage(readHeader(file, extension), kinds.sharedTable).body, file.sizes);
  message.expectByte(0);
  const address = message.place();
  const count = message.uint(1);
  const table = file.cursor(address, 8 + count * (14 + 2 * file.sizes.offset));
  verify(table.bytes);
  table.expect("SMTB");
  const heaps = new Map<number, FractalHeap>();
  for (let index = 0; index < count; index++) {
    table.skip(2);
    const bits = table.uint(2);
    table.skip(10);
    table.address(); // of what finds a message by its content
    const heap = table.address();
    if (heap === undefined) continue;
    for (const kind of kindsIn(bits)) heaps.set(kind, new FractalHeap(file, heap));
  }
  return heaps;
}

/**
 * A message that several objects have in common.
 *
 * @param kind What it says something about.
 * @param id What names it in its heap.
 */
export function readShared(file: StoredFile, kind: number, id: Uint8Array): Uint8Array {
  let heaps = heapsOf.get(file);
  if (!heaps) heapsOf.set(file, heaps = readHeaps(file));
  const heap = heaps.get(kind);
  if (!heap) throw new Damage("a heap of shared messages is missing");
  return heap.read(id);
}
