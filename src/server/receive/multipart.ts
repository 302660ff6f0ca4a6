import { Turns } from "../../base/turns.ts";
import { type PartHead, readPartHead } from "./part_head.ts";

/** A part of a form. */
export interface Part extends PartHead {
  /** Its content: a view of the form's bytes. */
  readonly content: Uint8Array<ArrayBuffer>;
}

/** Options of {@linkcode readParts}. */
export interface ReadPartsOptions {
  /** What stands between the parts. */
  readonly boundary: string;
  /** How many parts are read; of one more it is told by `isMore`. */
  readonly maxParts: number;
}

/** The parts of a form. */
export interface Parts {
  readonly parts: readonly Part[];
  /** Whether there are more than are read. */
  readonly isMore: boolean;
}

/** A form cannot be read; the message says why, in few words. */
export class FormError extends Error {
  /** The class's own name, also after minification. */
  override name = "FormError";
}

/** The longest head of a part, in bytes. */
const longestHead = 16_384;

/** After how long others have a turn, in milliseconds. */
const longestMs = 10;

/** How many bytes are looked through, and how many beginnings of lines, before the time is looked at. */
const stretch = { bytes: 2 ** 20, lines: 2 ** 14 };

const [CR, LF, DASH, SPACE, TAB] = [13, 10, 45, 32, 9];

function isAt(bytes: Uint8Array, pattern: Uint8Array, at: number): boolean {
  for (let index = 0; index < pattern.length; index++) {
    if (bytes[at + index] !== pattern[index]) return false;
  }
  return true;
}

/**
 * The next place of a pattern that begins with a carriage return and has no other, for which reason a mismatch is never
 * looked at again: the time is in proportion to the bytes, whatever they are.
 */
async function find(bytes: Uint8Array, pattern: Uint8Array, from: number, turns: Turns): Promise<number> {
  let at = from;
  for (let seen = from, lines = 0;;) {
    if (bytes[at] !== CR) {
      const end = Math.min(at + stretch.bytes, bytes.length);
      const next = bytes.subarray(at, end).indexOf(CR);
      if (next < 0 && end === bytes.length) return -1;
      at = next < 0 ? end : at + next;
    }
    if (isAt(bytes, pattern, at)) return at;
    if (at - seen >= stretch.bytes || ++lines % stretch.lines === 0) {
      seen = at;
      await turns.next();
    }
    if (bytes[at] === CR) at++;
  }
}

/** Where the line ends that a boundary ends in; spaces may follow it. */
function lineEnd(bytes: Uint8Array, from: number): number {
  let at = from;
  while (bytes[at] === SPACE || bytes[at] === TAB) at++;
  if (bytes[at] !== CR || bytes[at + 1] !== LF) {
    throw new FormError("its boundary is followed by something else");
  }
  return at + 2;
}

/** Where a part's head ends, and its content begins. */
function headEnd(bytes: Uint8Array, from: number): number {
  if (bytes[from] === CR && bytes[from + 1] === LF) return from; // it is empty, which is refused for lack of a name
  const end = Math.min(from + longestHead, bytes.length - 3);
  for (let at = from; at < end; at++) {
    if (bytes[at] === CR && bytes[at + 1] === LF && bytes[at + 2] === CR && bytes[at + 3] === LF) return at;
  }
  throw new FormError("a part has no content, or too long a head");
}

function readHead(bytes: Uint8Array, from: number, end: number): PartHead {
  const head = readPartHead(new TextDecoder().decode(bytes.subarray(from, end)));
  if (!head) throw new FormError("a part does not say its field's name");
  return head;
}

/**
 * The parts of a form, as RFC 7578 and RFC 2046 have it. The time that it takes is in proportion to its length, and others
 * have their turn meanwhile.
 *
 * @param bytes The whole form, which the parts are views of.
 * @throws {FormError} If it is damaged or cut short.
 */
export async function readParts(
  bytes: Uint8Array<ArrayBuffer>,
  { boundary, maxParts }: ReadPartsOptions,
): Promise<Parts> {
  const turns = new Turns(undefined, longestMs);
  const delimiter = new TextEncoder().encode(`\r\n--${boundary}`);
  const isFirst = isAt(bytes, delimiter.subarray(2), 0);
  let at = isFirst ? -2 : await find(bytes, delimiter, 0, turns); // before it may be what nobody reads
  if (at === -1) throw new FormError("its boundary is not in it");
  const parts: Part[] = [];
  for (;;) {
    at += delimiter.length;
    if (bytes[at] === DASH && bytes[at + 1] === DASH) return { parts, isMore: false }; // and behind it too
    if (parts.length === maxParts) return { parts, isMore: true };
    const start = lineEnd(bytes, at);
    const end = headEnd(bytes, start);
    const head = readHead(bytes, start, end);
    const content = end + 4;
    at = await find(bytes, delimiter, content - 2, turns); // the line end before an empty content is the head's
    if (at === -1) throw new FormError("it is cut short");
    parts.push({ ...head, content: bytes.subarray(content, Math.max(at, content)) });
    await turns.next();
  }
}
