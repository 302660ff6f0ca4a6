import { verify } from "./checksum.ts";
import { Cursor } from "./cursor.ts";
import { Damage } from "./errors.ts";
import { kinds, type Message } from "./message.ts";
import type { StoredFile } from "./stored_file.ts";

/** A version of headers: the parts that it consists of, and the messages in them. */
interface HeaderVersion {
  /** The messages of the first part. */
  readFirst(file: StoredFile, address: number): Cursor;
  /** The messages of a further part. */
  readNext(file: StoredFile, address: number, size: number): Cursor;
  /** How long what comes before a message's content is. */
  readonly prefixSize: number;
  readMessage(cursor: Cursor): Message;
}

/** The bit of a message's flags that says that it stands elsewhere. */
const shared = 2;

const oldVersion: HeaderVersion = {
  readFirst(file, address) {
    const prefix = file.cursor(address, 12);
    prefix.expectByte(1);
    prefix.skip(7);
    return file.cursor(address + 16, prefix.uint(4));
  },
  readNext: (file, address, size) => file.cursor(address, size),
  prefixSize: 8,
  readMessage(cursor) {
    const kind = cursor.uint(2);
    const size = cursor.uint(2);
    const flags = cursor.uint(1);
    cursor.skip(3);
    return { kind, isShared: (flags & shared) !== 0, body: cursor.take(size) };
  },
};

/** Bits of a new header's flags. */
const ordered = 4;
const withPhases = 16;
const withTimes = 32;

/** @param flags Those of the header. */
function newVersion(flags: number): HeaderVersion {
  const prefixSize = flags & ordered ? 6 : 4;
  return {
    readFirst(file, address) {
      const before = 6 + (flags & withTimes ? 16 : 0) + (flags & withPhases ? 4 : 0);
      const sizeOfSize = 1 << (flags & 3);
      const start = before + sizeOfSize;
      const size = file.cursor(address + before, sizeOfSize).uint(sizeOfSize);
      const whole = file.cursor(address, start + size + 4);
      verify(whole.bytes);
      whole.skip(start);
      return whole.inner(size);
    },
    readNext(file, address, size) {
      const whole = file.cursor(address, size);
      verify(whole.bytes);
      whole.expect("OCHK");
      return whole.inner(size - 8);
    },
    prefixSize,
    readMessage(cursor) {
      const kind = cursor.uint(1);
      const size = cursor.uint(2);
      const flags = cursor.uint(1);
      cursor.skip(prefixSize - 4);
      return { kind, isShared: (flags & shared) !== 0, body: cursor.take(size) };
    },
  };
}

function versionAt(file: StoredFile, address: number): HeaderVersion {
  const start = file.cursor(address, 6);
  if (start.bytes[0] === 1) return oldVersion;
  start.expect("OHDR");
  start.expectByte(2);
  return newVersion(start.uint(1));
}

/**
 * The messages of an object.
 *
 * @param address Where its header lies.
 */
export function readHeader(file: StoredFile, address: number): readonly Message[] {
  const known = file.headers.get(address);
  if (known) return known;
  const { readFirst, readNext, prefixSize, readMessage } = versionAt(file, address);
  const messages: Message[] = [];
  const parts = [readFirst(file, address)];
  for (const part of parts) {
    while (part.left >= prefixSize) { // what is less is a gap
      const message = readMessage(part);
      messages.push(message);
      if (message.kind !== kinds.continuation) continue;
      const link = new Cursor(message.body, file.sizes);
      parts.push(readNext(file, link.place(), link.length())); // which is counted, so that circles end
    }
  }
  file.headers.set(address, messages);
  return messages;
}

/** The first message of a kind. */
export function findMessage(messages: readonly Message[], kind: number): Message | undefined {
  return messages.find((message) => message.kind === kind);
}

/** Whether an object has what makes it a group. */
export function isGroup(messages: readonly Message[]): boolean {
  return messages.some(({ kind }) => kind === kinds.symbolTable || kind === kinds.linkInfo);
}

/** A message of a kind that must be there. */
export function needMessage(messages: readonly Message[], kind: number): Message {
  const found = findMessage(messages, kind);
  if (!found) throw new Damage("a message is missing");
  return found;
}
