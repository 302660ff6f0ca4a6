import { ModelError } from "../errors.ts";

/** An entry of an archive. */
interface Entry {
  readonly method: number;
  readonly checksum: number;
  readonly packedSize: number;
  readonly size: number;
  /** Where its own header begins. */
  readonly offset: number;
}

/** An archive's files by name; each is unpacked and checked when it is read. */
export interface Archive {
  readonly names: readonly string[];
  /**
   * The content of a file.
   *
   * @returns `undefined` if there is no such file.
   * @throws {ModelError} If it is damaged.
   */
  read(name: string): Promise<Uint8Array<ArrayBuffer> | undefined>;
}

const endSignature = 0x06054b50;
const entrySignature = 0x02014b50;
const fileSignature = 0x04034b50;
const stored = 0;
const deflated = 8;

/** The largest file that is unpacked, in bytes: no weights file of a classifier comes near it. */
const maxSize = 2 ** 31 - 1;

/** How much smaller than its content a packed file may be: weights hardly pack, configurations tenfold. */
const maxRatio = 200;

let checksums: Uint32Array | undefined;

/** CRC-32, as ZIP has it. */
export function checksumOf(bytes: Uint8Array): number {
  checksums ??= Uint32Array.from({ length: 256 }, (_, byte) => {
    let value = byte;
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
    return value;
  });
  let checksum = 0xffffffff;
  for (let index = 0; index < bytes.length; index++) {
    checksum = checksums[(checksum ^ bytes[index]!) & 0xff]! ^ (checksum >>> 8);
  }
  return (checksum ^ 0xffffffff) >>> 0;
}

/** Where the record at the archive's end begins; a comment of up to 64 KiB may follow it. */
function findEnd(view: DataView): number | undefined {
  for (let at = view.byteLength - 22; at >= Math.max(0, view.byteLength - 22 - 0xffff); at--) {
    if (view.getUint32(at, true) === endSignature) return at;
  }
  return undefined;
}

/** The list of entries that stands before the archive's end. */
function readEntries(view: DataView, end: number): Map<string, Entry> | undefined {
  const count = view.getUint16(end + 10, true);
  let at = view.getUint32(end + 16, true);
  const entries = new Map<string, Entry>();
  const decoder = new TextDecoder();
  for (let index = 0; index < count; index++) {
    if (at + 46 > end || view.getUint32(at, true) !== entrySignature) return undefined;
    const nameLength = view.getUint16(at + 28, true);
    if (at + 46 + nameLength > end) return undefined;
    const name = decoder.decode(new Uint8Array(view.buffer, view.byteOffset + at + 46, nameLength));
    entries.set(name, {
      method: view.getUint16(at + 10, true),
      checksum: view.getUint32(at + 16, true),
      packedSize: view.getUint32(at + 20, true),
      size: view.getUint32(at + 24, true),
      offset: view.getUint32(at + 42, true),
    });
    at += 46 + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  return entries;
}

/** Unpack, and stop as soon as there is more than the archive said. */
async function inflate(
  packed: Uint8Array<ArrayBuffer>,
  size: number,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const bytes = new Uint8Array(size);
  let length = 0;
  try {
    for await (
      const chunk of new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate-raw"))
    ) {
      if (length + chunk.length > size) return undefined;
      bytes.set(chunk, length);
      length += chunk.length;
    }
  } catch {
    return undefined; // not what deflate writes
  }
  return length === size ? bytes : undefined;
}

async function unpack(view: DataView, entry: Entry): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const { offset, packedSize, size, method } = entry;
  if (offset + 30 > view.byteLength || view.getUint32(offset, true) !== fileSignature) return undefined;
  const start = offset + 30 + view.getUint16(offset + 26, true) + view.getUint16(offset + 28, true);
  if (start + packedSize > view.byteLength) return undefined;
  const packed = new Uint8Array(view.buffer as ArrayBuffer, view.byteOffset + start, packedSize);
  if (method === stored) return packedSize === size ? packed : undefined;
  return method === deflated ? await inflate(packed, size) : undefined;
}

/**
 * Read the list of an archive's files.
 *
 * @param bytes The archive; files that are stored as they are become views on it.
 * @param name What to call it in messages.
 * @throws {ModelError} If it is no ZIP archive, or damaged.
 */
export function openArchive(bytes: Uint8Array, name: string): Archive {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = bytes.length < 22 ? undefined : findEnd(view);
  const entries = end === undefined ? undefined : readEntries(view, end);
  if (!entries) throw new ModelError(`Cannot open model "${name}": its ZIP archive is damaged or cut short`);
  return {
    names: [...entries.keys()],
    async read(file) {
      const entry = entries.get(file);
      if (!entry) return undefined;
      if (entry.size > maxSize || entry.size > entry.packedSize * maxRatio + 1024) {
        throw new ModelError(`Cannot open model "${name}": "${file}" would unpack to ${entry.size} bytes`);
      }
      const content = await unpack(view, entry);
      if (content && checksumOf(content) === entry.checksum) return content;
      throw new ModelError(`Cannot open model "${name}": "${file}" inside it is damaged`);
    },
  };
}
