import { walkTree2 } from "./btree2.ts";
import { Cursor } from "./cursor.ts";
import { type Dataspace, readDataspace } from "./dataspace.ts";
import { type Datatype, readDatatype } from "./datatype.ts";
import { Damage } from "./errors.ts";
import { FractalHeap } from "./fractal_heap.ts";
import { kinds, type Message } from "./message.ts";
import { findMessage } from "./object_header.ts";
import { openMessage, openShared } from "./shared_message.ts";
import { readShared } from "./shared_table.ts";
import type { StoredFile } from "./stored_file.ts";

/** A small array that belongs to an object. */
export interface Attribute {
  readonly type: Datatype;
  readonly space: Dataspace;
  /** Its elements, one after another. */
  readonly bytes: Uint8Array;
}

/** Bits of an attribute's flags: whether its datatype or its dataspace stands elsewhere. */
const sharedType = 1;
const sharedSpace = 2;

/** An attribute whose name alone has been read. */
interface NamedAttribute {
  readonly name: string;
  read(): Attribute;
}

function readName(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return new TextDecoder().decode(end < 0 ? bytes : bytes.subarray(0, end));
}

/** @param cursor The message's content. */
function readAttribute(file: StoredFile, cursor: Cursor): NamedAttribute {
  const version = cursor.uint(1);
  if (version === 0 || version > 3) throw new Damage("an attribute is of a version that is not known");
  const flags = version === 1 ? cursor.uint(1) & 0 : cursor.uint(1);
  const sizes = [cursor.uint(2), cursor.uint(2), cursor.uint(2)];
  if (version === 3) cursor.skip(1); // how the name is encoded
  const [name, typeBody, spaceBody] = sizes.map((size) => {
    const part = cursor.take(size);
    if (version === 1) cursor.skip(-size & 7);
    return part;
  }) as [Uint8Array, Uint8Array, Uint8Array];
  const data = cursor.take(cursor.left);
  return {
    name: readName(name),
    read() {
      const typeCursor = openShared(file, kinds.datatype, {
        isShared: (flags & sharedType) !== 0,
        body: typeBody,
      });
      const spaceCursor = openShared(file, kinds.dataspace, {
        isShared: (flags & sharedSpace) !== 0,
        body: spaceBody,
      });
      const [type, space] = [readDatatype(typeCursor), readDataspace(spaceCursor)];
      const bytes = new Cursor(data, file.sizes).take(type.size * space.count);
      return { type, space, bytes };
    },
  };
}

/** Attributes of an object that has many or large ones, out of a heap. */
function* readDense(file: StoredFile, message: Message): Generator<NamedAttribute> {
  const cursor = openMessage(file, message);
  cursor.expectByte(0);
  if (cursor.uint(1) & 1) cursor.skip(2); // how many have been made
  const heapAddress = cursor.address();
  const tree = cursor.address();
  if (heapAddress === undefined || tree === undefined) return;
  const heap = new FractalHeap(file, heapAddress);
  for (const record of walkTree2(file, tree)) {
    const id = record.take(heap.idSize);
    const isShared = (record.uint(1) & 2) !== 0;
    const body = isShared ? readShared(file, kinds.attribute, id) : heap.read(id);
    yield readAttribute(file, new Cursor(body, file.sizes));
  }
}

/**
 * An object's attributes by their names; each is read when it is asked for.
 *
 * @param messages The object's.
 */
export function readAttributes(file: StoredFile, messages: readonly Message[]): Map<string, () => Attribute> {
  const attributes = new Map<string, () => Attribute>();
  for (const message of messages) {
    if (message.kind !== kinds.attribute) continue;
    const { name, read } = readAttribute(file, openMessage(file, message));
    attributes.set(name, read);
  }
  const dense = findMessage(messages, kinds.attributeInfo);
  if (dense) { for (const { name, read } of readDense(file, dense)) attributes.set(name, read); }
  return attributes;
}
