import type { ByteSource } from "../../platform/byte_source.ts";

/** An entry of an archive. */
export interface Entry {
  readonly name: string;
  readonly flags: number;
  readonly method: number;
  readonly checksum: number;
  readonly packedSize: number;
  readonly size: number;
  /** Where its own header begins. */
  readonly offset: number;
}

const endSignature = 0x06054b50;
const end64Signature = 0x06064b50;
const locatorSignature = 0x07064b50;
const entrySignature = 0x02014b50;
const extra64 = 0x0001;

/** The bytes of an archive's end, of what leads to the record of ZIP64, of that, and of an entry's header. */
const endSize = 22;
const locatorSize = 20;
const recordSize = 56;
const headerSize = 46;

/** What stands in a field of 32 bits whose value is in the record of ZIP64. */
const inExtra = 0xffffffff;

/** Where the list of entries lies, and how many there are. */
interface Directory {
  readonly count: number;
  readonly start: number;
  readonly end: number;
}

/** A number of 64 bits; what is beyond JavaScript's whole numbers is beyond any file as well. */
function readLong(view: DataView, at: number): number {
  return view.getUint32(at, true) + view.getUint32(at + 4, true) * 2 ** 32;
}

/** Some bytes as a view on them; `undefined` where there are fewer. */
function viewOf(source: ByteSource, position: number, size: number): DataView | undefined {
  const { buffer, byteOffset, length } = source.slice(position, size);
  return length === size ? new DataView(buffer, byteOffset, length) : undefined;
}

/** Of an archive with large numbers: the record that its locator, before its end, leads to. */
function readDirectory64(source: ByteSource, end: number): Directory | undefined {
  const locator = end - locatorSize;
  const link = locator < 0 ? undefined : viewOf(source, locator, locatorSize);
  if (link?.getUint32(0, true) !== locatorSignature) return undefined;
  const at = readLong(link, 8);
  const record = at + recordSize > locator ? undefined : viewOf(source, at, recordSize);
  if (record?.getUint32(0, true) !== end64Signature) return undefined;
  return { count: readLong(record, 32), start: readLong(record, 48), end: at };
}

/** @param end Where the archive's end begins. */
function readDirectory(source: ByteSource, end: number): Directory | undefined {
  const view = viewOf(source, end, endSize)!;
  const count = view.getUint16(10, true);
  const start = view.getUint32(16, true);
  return count === 0xffff || start === inExtra ? readDirectory64(source, end) : { count, start, end };
}

/**
 * The sizes and the place of an entry, of which those too large for their fields stand among its extras.
 *
 * @param header The entry's header.
 * @param extras What stands behind it and its name.
 */
function readSizes(
  header: DataView,
  extras: DataView,
): [size: number, packedSize: number, offset: number] | undefined {
  const fields = [24, 20, 42].map((field) => header.getUint32(field, true));
  if (!fields.includes(inExtra)) return fields as [number, number, number];
  const end = extras.byteLength;
  let extra = 0;
  while (extra + 4 <= end && extras.getUint16(extra, true) !== extra64) {
    extra += 4 + extras.getUint16(extra + 2, true);
  }
  let next = extra + 4;
  for (const [index, value] of fields.entries()) {
    if (value !== inExtra) continue;
    if (next + 8 > end) return undefined;
    fields[index] = readLong(extras, next);
    next += 8;
  }
  return fields as [number, number, number];
}

/** @param budget How many entries may still be read. */
function readEntries(
  source: ByteSource,
  { count, start, end }: Directory,
  budget: { left: number },
): Entry[] | undefined {
  const decoder = new TextDecoder();
  const entries: Entry[] = [];
  let at = start;
  for (let index = 0; index < count; index++) {
    if (budget.left-- <= 0) return undefined;
    const header = at + headerSize > end ? undefined : viewOf(source, at, headerSize);
    if (header?.getUint32(0, true) !== entrySignature) return undefined;
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((field) =>
      header.getUint16(field, true)
    ) as [number, number, number];
    const nameAt = at + headerSize;
    const next = nameAt + nameLength + extraLength + commentLength;
    const extras = next > end ? undefined : viewOf(source, nameAt + nameLength, extraLength);
    const sizes = extras && readSizes(header, extras);
    if (!sizes) return undefined;
    const [size, packedSize, offset] = sizes;
    entries.push({
      name: decoder.decode(source.slice(nameAt, nameLength)),
      flags: header.getUint16(8, true),
      method: header.getUint16(10, true),
      checksum: header.getUint32(16, true),
      packedSize,
      size,
      offset,
    });
    at = next;
  }
  return entries;
}

/**
 * Read the list of files at an archive's end, behind which a comment of up to 64 KiB may stand.
 *
 * @param source The archive.
 * @returns `undefined` if there is none, or it is damaged.
 */
export function readZipDirectory(source: ByteSource): Entry[] | undefined {
  const first = Math.max(0, source.size - endSize - 0xffff);
  const tail = viewOf(source, first, source.size - first);
  // What looks like an end may be part of a comment; where there are thousands, each must not lead to a whole list.
  const budget = { left: 2 * Math.ceil(source.size / headerSize) };
  for (let at = (tail?.byteLength ?? 0) - endSize; at >= 0; at--) {
    if (tail!.getUint32(at, true) !== endSignature) continue;
    const directory = readDirectory(source, first + at);
    const entries = directory && readEntries(source, directory, budget);
    if (entries) return entries;
  }
  return undefined;
}
