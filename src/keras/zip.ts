import { crc32, inflateRawSync } from "node:zlib";
import { ModelError } from "../errors.ts";
import { type Entry, readZipDirectory } from "./zip_directory.ts";

/** An archive's files by name; each is unpacked and checked when it is read. */
export interface Archive {
  readonly names: readonly string[];
  /**
   * The content of a file.
   *
   * @returns `undefined` if there is no such file.
   * @throws {ModelError} If it is damaged.
   */
  read(name: string): Uint8Array<ArrayBuffer> | undefined;
}

const fileSignature = 0x04034b50;
const stored = 0;
const deflated = 8;
const encrypted = 1;

/** The largest file that is unpacked, in bytes: no weights file of a classifier comes near it. */
const maxSize = 2 ** 31 - 1;

/** How much smaller than its content a packed file may be: weights hardly pack, configurations tenfold. */
const maxRatio = 200;

/** Unpack, and stop as soon as there is more than the archive said. */
function inflate(packed: Uint8Array, size: number): Uint8Array<ArrayBuffer> | undefined {
  try {
    const { buffer, byteOffset, length } = inflateRawSync(packed, { maxOutputLength: Math.max(size, 1) });
    return length === size ? new Uint8Array(buffer as ArrayBuffer, byteOffset, length) : undefined;
  } catch {
    return undefined; // more than that, or not what deflate writes
  }
}

/** A file's packed bytes, where its own header agrees with the list; `undefined` where it does not. */
function findPacked(view: DataView, entry: Entry): Uint8Array<ArrayBuffer> | undefined {
  const { offset, packedSize, method, name } = entry;
  if (offset + 30 > view.byteLength || view.getUint32(offset, true) !== fileSignature) return undefined;
  const nameLength = view.getUint16(offset + 26, true);
  const start = offset + 30 + nameLength + view.getUint16(offset + 28, true);
  if (start + packedSize > view.byteLength || view.getUint16(offset + 8, true) !== method) return undefined;
  const own = new Uint8Array(view.buffer, view.byteOffset + offset + 30, nameLength);
  if (new TextDecoder().decode(own) !== name) return undefined;
  return new Uint8Array(view.buffer as ArrayBuffer, view.byteOffset + start, packedSize);
}

/** Why a file is not unpacked, whatever it holds. */
function refuse({ flags, method, size, packedSize }: Entry): string | undefined {
  if (flags & encrypted) return "is encrypted: pack it without a password";
  if (method !== stored && method !== deflated) return `is packed by method ${method}: pack it with deflate`;
  if (size > maxSize || size > packedSize * maxRatio + 1024) return `would unpack to ${size} bytes`;
  return undefined;
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
  function fail(what: string): never {
    throw new ModelError(`Cannot open model "${name}": ${what}`);
  }
  const list = readZipDirectory(view);
  if (!list) return fail("its ZIP archive is damaged or cut short");
  const entries = new Map<string, Entry>();
  for (const entry of list) {
    if (entries.has(entry.name)) fail(`its ZIP archive holds two files "${entry.name}"`);
    entries.set(entry.name, entry);
  }
  return {
    names: [...entries.keys()],
    read(file) {
      const entry = entries.get(file);
      if (!entry) return undefined;
      const reason = refuse(entry);
      if (reason) fail(`"${file}" inside it ${reason}`);
      const packed = findPacked(view, entry);
      const content = packed &&
        (entry.method === deflated ? inflate(packed, entry.size) : packed.length === entry.size && packed);
      if (content && crc32(content) === entry.checksum) return content;
      return fail(`"${file}" inside it is damaged`);
    },
  };
}
