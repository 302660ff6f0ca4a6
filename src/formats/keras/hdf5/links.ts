import { walkTree1 } from "./btree1.ts";
import { walkTree2 } from "./btree2.ts";
import { Cursor } from "./cursor.ts";
import { Damage } from "./errors.ts";
import { FractalHeap } from "./fractal_heap.ts";
import { kinds, type Message } from "./message.ts";
import { findMessage } from "./object_header.ts";
import { openMessage } from "./shared_message.ts";
import type { StoredFile } from "./stored_file.ts";

/** What a name in a group leads to: an object's header, another name, or something outside of the file. */
export type Link =
  | { readonly kind: "hard"; readonly address: number }
  | { readonly kind: "soft"; readonly target: string }
  | { readonly kind: "outside" };

/** A link, its name, and when it was made, where that is noted. */
interface NamedLink {
  readonly name: string;
  readonly order: number;
  readonly link: Link;
}

function decode(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

/** Bits of a link's flags. */
const withOrder = 4;
const withKind = 8;
const withEncoding = 16;

/** How each kind of link says where it leads. */
const readers: Readonly<Record<number, (cursor: Cursor) => Link>> = {
  0: (cursor) => ({ kind: "hard", address: cursor.place() }),
  1: (cursor) => ({ kind: "soft", target: decode(cursor.take(cursor.uint(2))) }),
};

/** @param cursor The message's content. */
function readLink(cursor: Cursor): NamedLink {
  cursor.expectByte(1);
  const flags = cursor.uint(1);
  const kind = flags & withKind ? cursor.uint(1) : 0;
  const order = flags & withOrder ? cursor.uint(8) : 0;
  if (flags & withEncoding) cursor.skip(1);
  const name = decode(cursor.take(cursor.uint(1 << (flags & 3))));
  return { name, order, link: readers[kind]?.(cursor) ?? { kind: "outside" } };
}

/** Texts that end with 0, by where they stand in a heap. */
function readLocalHeap(file: StoredFile, address: number): (at: number) => string {
  const header = file.cursor(address, 8 + 2 * file.sizes.length + file.sizes.offset);
  header.expect("HEAP");
  header.expectByte(0);
  header.skip(3);
  const size = header.length();
  header.skip(file.sizes.length);
  const texts = file.bytes(header.place(), size);
  return (at) => {
    const end = texts.indexOf(0, at);
    if (at >= size || end < 0) throw new Damage("a name is missing");
    return decode(texts.subarray(at, end));
  };
}

/** What a symbol's entry is called that leads to another name. */
const softSymbol = 2;

/** Links of a group of the old kind: symbols in the leaves of a tree, their names in a heap. */
function* readSymbols(file: StoredFile, message: Message): Generator<NamedLink> {
  const cursor = openMessage(file, message);
  const tree = cursor.place();
  const textAt = readLocalHeap(file, cursor.place());
  for (const { child } of walkTree1(file, tree, { number: 0, keySize: file.sizes.length })) {
    const prefix = file.cursor(child, 8);
    prefix.expect("SNOD");
    prefix.expectByte(1);
    prefix.skip(1);
    const count = prefix.uint(2);
    const symbols = file.cursor(child + 8, count * (2 * file.sizes.offset + 24));
    for (let index = 0; index < count; index++) {
      const name = textAt(symbols.uint(file.sizes.offset));
      const address = symbols.address();
      const kind = symbols.uint(4);
      symbols.skip(4);
      const scratch = symbols.inner(16);
      if (kind === softSymbol) {
        yield { name, order: 0, link: { kind: "soft", target: textAt(scratch.uint(4)) } };
      } else if (address !== undefined) yield { name, order: 0, link: { kind: "hard", address } };
    }
  }
}

/** Whether a group notes in which order its links were made, so that they can be listed by it. */
const indexed = 2;

/** Links of a group that has many, out of a heap; and whether they are listed as they were made. */
function readLinkInfo(
  file: StoredFile,
  message: Message,
): { isOrdered: boolean; dense: Iterable<NamedLink> } {
  const cursor = openMessage(file, message);
  cursor.expectByte(0);
  const flags = cursor.uint(1);
  if (flags & 1) cursor.skip(8); // how many have been made
  const heapAddress = cursor.address();
  const tree = cursor.address();
  function* readDense(): Generator<NamedLink> {
    if (heapAddress === undefined || tree === undefined) return;
    const heap = new FractalHeap(file, heapAddress);
    for (const record of walkTree2(file, tree)) {
      record.skip(4); // the name's checksum
      yield readLink(new Cursor(heap.read(record.take(heap.idSize)), file.sizes));
    }
  }
  return { isOrdered: (flags & indexed) !== 0, dense: readDense() };
}

/**
 * A group's links by their names, in the order in which HDF5 lists them.
 *
 * @param messages The group's.
 */
export function readLinks(file: StoredFile, messages: readonly Message[]): Map<string, Link> {
  const links: NamedLink[] = [];
  const symbols = findMessage(messages, kinds.symbolTable);
  if (symbols) links.push(...readSymbols(file, symbols));
  const own = messages.filter(({ kind }) => kind === kinds.link);
  links.push(...own.map((message) => readLink(openMessage(file, message))));
  const info = findMessage(messages, kinds.linkInfo);
  const { isOrdered = false, dense = [] } = info ? readLinkInfo(file, info) : {};
  for (const link of dense) links.push(link);
  const compare = isOrdered
    ? (a: NamedLink, b: NamedLink) => a.order - b.order
    : (a: NamedLink, b: NamedLink) => a.name < b.name ? -1 : 1;
  const byName = new Map(links.sort(compare).map(({ name, link }) => [name, link]));
  const areNames = !byName.has("") && links.every(({ name }) => !name.includes("/"));
  if (byName.size !== links.length || !areNames) throw new Damage("a group's names are damaged");
  return byName;
}
