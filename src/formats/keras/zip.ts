import { crc32, inflateRawSync } from "node:zlib";
import { ModelError } from "../../base/errors.ts";
import { quote } from "../../base/quote.ts";
import { type ByteSource, bytesSource, partOf } from "../../platform/byte_source.ts";
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
  /**
   * Likewise, to be read piece by piece: what is stored as it is need not be in memory as a whole.
   *
   * @returns `undefined` if there is no such file.
   * @throws {ModelError} If it is damaged.
   */
  open(name: string): ByteSource | undefined;
}

const fileSignature = 0x04034b50;
const stored = 0;
const deflated = 8;
const encrypted = 1;

/** The bytes of a file's own header. */
const headerSize = 30;

/** The largest file that is unpacked, in bytes: no weights file of a classifier comes near it. */
const maxSize = 2 ** 31 - 1;

/** How much smaller than its content a packed file may be: weights hardly pack, configurations tenfold. */
const maxRatio = 200;

/** How many bytes of a file are checked at once. */
const windowSize = 2 ** 20;

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
function findPacked(source: ByteSource, entry: Entry): ByteSource | undefined {
  const { offset, packedSize, method, name } = entry;
  const { buffer, byteOffset, length } = source.slice(offset, headerSize);
  const header = new DataView(buffer, byteOffset, length);
  if (length < headerSize || header.getUint32(0, true) !== fileSignature) return undefined;
  const nameLength = header.getUint16(26, true);
  const start = offset + headerSize + nameLength + header.getUint16(28, true);
  if (start + packedSize > source.size || header.getUint16(8, true) !== method) return undefined;
  if (new TextDecoder().decode(source.slice(offset + headerSize, nameLength)) !== name) return undefined;
  return partOf(source, start, packedSize);
}

/** A file's content, unpacked. */
function unpack(source: ByteSource, entry: Entry): ByteSource | undefined {
  const packed = findPacked(source, entry);
  if (!packed || entry.method === stored) return packed?.size === entry.size ? packed : undefined;
  const content = inflate(packed.slice(0, packed.size), entry.size);
  return content && bytesSource(content);
}

function checksumOf(source: ByteSource): number {
  const window = new Uint8Array(Math.min(windowSize, source.size));
  let checksum = 0;
  for (let at = 0; at < source.size; at += windowSize) {
    checksum = crc32(window.subarray(0, source.read(at, window)), checksum);
  }
  return checksum;
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
 * @param source The archive; it remains the caller's, and open as long as what is opened inside it.
 * @param name What to call it in messages.
 * @throws {ModelError} If it is no ZIP archive, or damaged.
 */
export function openArchive(source: ByteSource, name: string): Archive {
  function fail(what: string): never {
    throw new ModelError(`Cannot open model ${quote(name)}: ${what}`);
  }
  const list = readZipDirectory(source);
  if (!list) return fail("its ZIP archive is damaged or cut short");
  const entries = new Map<string, Entry>();
  for (const entry of list) {
    if (entries.has(entry.name)) fail(`its ZIP archive holds two files ${quote(entry.name)}`);
    entries.set(entry.name, entry);
  }
  function open(file: string): ByteSource | undefined {
    const entry = entries.get(file);
    if (!entry) return undefined;
    const reason = refuse(entry);
    if (reason) fail(`${quote(file)} inside it ${reason}`);
    const content = unpack(source, entry);
    if (content && checksumOf(content) === entry.checksum) return content;
    return fail(`${quote(file)} inside it is damaged`);
  }
  return {
    names: [...entries.keys()],
    open,
    read(file) {
      const content = open(file);
      return content?.slice(0, content.size);
    },
  };
}
