import type { Attribute } from "./attributes.ts";
import { Cursor } from "./cursor.ts";
import { Damage } from "./errors.ts";
import type { GlobalHeaps } from "./global_heap.ts";
import type { StoredFile } from "./stored_file.ts";

/** Letters in UTF-8, or else in Latin-1, which is how early programs wrote them. */
function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("latin1").decode(bytes);
  }
}

/** A text up to its end, which a 0 marks if it is shorter than its place. */
function decodeToEnd(bytes: Uint8Array, isSpacePadded: boolean): string {
  const end = bytes.indexOf(0);
  const text = decode(end < 0 ? bytes : bytes.subarray(0, end));
  return isSpacePadded ? text.replace(/ +$/, "") : text;
}

/** How many bytes refer to a text of any length, besides an address: its length and its number in a heap. */
const referenceSize = 8;

function readLongText(file: StoredFile, heaps: GlobalHeaps, reference: Cursor): string {
  const length = reference.uint(4);
  const address = reference.address();
  const index = reference.uint(4);
  if (length === 0 || address === undefined || address === 0) return "";
  const bytes = heaps.read(address, index);
  if (bytes.length < length) throw new Damage("a text is cut short");
  file.spend(length);
  return decodeToEnd(bytes.subarray(0, length), false);
}

/**
 * An attribute's texts.
 *
 * @returns One text, or a list of them; bytes that may be one; `undefined` if it is something else.
 */
export function readTexts(
  file: StoredFile,
  heaps: GlobalHeaps,
  { type, space, bytes }: Attribute,
): string | string[] | Uint8Array | undefined {
  if (!space.shape) return undefined;
  if (type.kind === "bytes") return bytes;
  if (type.kind === "integer") {
    return type.size === 1 && !type.isSigned && space.shape.length > 0 ? bytes : undefined;
  }
  if (type.kind !== "text" && type.kind !== "long text") return undefined;
  file.spend(bytes.length);
  const cursor = new Cursor(bytes, file.sizes);
  if (type.kind === "long text" && type.size !== file.sizes.offset + referenceSize) {
    throw new Damage("a text's place is of another size");
  }
  const texts = Array.from(
    { length: space.count },
    () =>
      type.kind === "text"
        ? decodeToEnd(cursor.take(type.size), type.isSpacePadded)
        : readLongText(file, heaps, cursor),
  );
  return space.shape.length > 0 ? texts : texts[0];
}
