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

/** Of an archive with large numbers: the record that its locator, before its end, leads to. */
function readDirectory64(view: DataView, end: number): Directory | undefined {
  const locator = end - 20;
  if (locator < 0 || view.getUint32(locator, true) !== locatorSignature) return undefined;
  const at = readLong(view, locator + 8);
  if (at + 56 > locator || view.getUint32(at, true) !== end64Signature) return undefined;
  return { count: readLong(view, at + 32), start: readLong(view, at + 48), end: at };
}

function readDirectory(view: DataView, end: number): Directory | undefined {
  const count = view.getUint16(end + 10, true);
  const start = view.getUint32(end + 16, true);
  return count === 0xffff || start === inExtra ? readDirectory64(view, end) : { count, start, end };
}

/** The sizes and the place of an entry, of which those too large for their fields stand among its extras. */
function readSizes(
  view: DataView,
  at: number,
): [size: number, packedSize: number, offset: number] | undefined {
  const fields = [24, 20, 42].map((field) => view.getUint32(at + field, true));
  if (!fields.includes(inExtra)) return fields as [number, number, number];
  let extra = at + 46 + view.getUint16(at + 28, true);
  const end = extra + view.getUint16(at + 30, true);
  while (extra + 4 <= end && view.getUint16(extra, true) !== extra64) {
    extra += 4 + view.getUint16(extra + 2, true);
  }
  let next = extra + 4;
  for (const [index, value] of fields.entries()) {
    if (value !== inExtra) continue;
    if (next + 8 > end) return undefined;
    fields[index] = readLong(view, next);
    next += 8;
  }
  return fields as [number, number, number];
}

function readEntries(view: DataView, { count, start, end }: Directory): Entry[] | undefined {
  const decoder = new TextDecoder();
  const entries: Entry[] = [];
  let at = start;
  for (let index = 0; index < count; index++) {
    if (at + 46 > end || view.getUint32(at, true) !== entrySignature) return undefined;
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((field) =>
      view.getUint16(at + field, true)
    );
    const next = at + 46 + nameLength! + extraLength! + commentLength!;
    const sizes = next > end ? undefined : readSizes(view, at);
    if (!sizes) return undefined;
    const [size, packedSize, offset] = sizes;
    entries.push({
      name: decoder.decode(new Uint8Array(view.buffer, view.byteOffset + at + 46, nameLength)),
      flags: view.getUint16(at + 8, true),
      method: view.getUint16(at + 10, true),
      checksum: view.getUint32(at + 16, true),
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
 * @param view The archive.
 * @returns `undefined` if there is none, or it is damaged.
 */
export function readZipDirectory(view: DataView): Entry[] | undefined {
  const first = Math.max(0, view.byteLength - 22 - 0xffff);
  for (let end = view.byteLength - 22; end >= first; end--) {
    if (view.getUint32(end, true) !== endSignature) continue;
    const directory = readDirectory(view, end);
    const entries = directory && readEntries(view, directory);
    if (entries) return entries;
  }
  return undefined;
}
