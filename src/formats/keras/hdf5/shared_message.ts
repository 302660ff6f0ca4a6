import { Cursor } from "./cursor.ts";
import { Damage } from "./errors.ts";
import type { Message } from "./message.ts";
import { needMessage, readHeader } from "./object_header.ts";
import { readShared } from "./shared_table.ts";
import type { StoredFile } from "./stored_file.ts";

/** What version 3 calls messages that lie in a heap of the whole file. */
const inHeap = 1;

/**
 * What a message says, wherever that stands, such as a datatype that has a name of its own.
 *
 * @param kind What it says something about.
 * @param body Where it stands, or it itself.
 */
export function openShared(
  file: StoredFile,
  kind: number,
  { isShared, body }: Omit<Message, "kind">,
): Cursor {
  const cursor = new Cursor(body, file.sizes);
  if (!isShared) return cursor;
  const version = cursor.uint(1);
  const place = cursor.uint(1);
  if (version === 0 || version > 3) throw new Damage("a message is shared in a way that is not known");
  if (version === 3 && place === inHeap) {
    return new Cursor(readShared(file, kind, cursor.take(cursor.left)), file.sizes);
  }
  if (version === 1) cursor.skip(6 + file.sizes.length);
  const message = needMessage(readHeader(file, cursor.place()), kind);
  if (message.isShared) throw new Damage("a message is shared twice");
  return new Cursor(message.body, file.sizes);
}

/** What a message of a header says. */
export function openMessage(file: StoredFile, message: Message): Cursor {
  return openShared(file, message.kind, message);
}
