import { hasText, textAt, viewOf } from "./bytes.ts";

/** Names of the numbers that a directory holds about its picture. */
export const tiffTags = {
  subfileType: 254,
  width: 256,
  height: 257,
  bitsPerSample: 258,
  compression: 259,
  photometric: 262,
  fillOrder: 266,
  make: 271,
  stripOffsets: 273,
  orientation: 274,
  samplesPerPixel: 277,
  rowsPerStrip: 278,
  stripByteCounts: 279,
  planarConfiguration: 284,
  predictor: 317,
  colorMap: 320,
  tileWidth: 322,
  tileHeight: 323,
  tileOffsets: 324,
  tileByteCounts: 325,
  subDirectories: 330,
  inkSet: 332,
  extraSamples: 338,
  sampleFormat: 339,
  jpegTables: 347,
  dngVersion: 50706,
} as const;

/** The most values of a number that are read: a picture has no more strips, and damaged files say that there are billions. */
const mostValues = 2 ** 20;

/** What one of a TIFF's directories says: of each number that it names the values. */
export interface TiffDirectory {
  /** The values of a number; of text the bytes, of fractions nothing. */
  values(tag: number): readonly number[];
  /** The first value, or another where there is none. */
  value<Other>(tag: number, other: Other): number | Other;
  /** Where the next directory lies in the file; 0 if this is the last. */
  readonly next: number;
}

/** How whole numbers are stored, by their type. */
const readers: Readonly<
  Record<number, readonly [size: number, name: "getUint8" | "getUint16" | "getUint32"]>
> = {
  1: [1, "getUint8"],
  2: [1, "getUint8"], // text
  3: [2, "getUint16"],
  4: [4, "getUint32"],
  7: [1, "getUint8"],
  13: [4, "getUint32"], // where a directory lies
};

/** Whether a TIFF has the lower byte of a number first. */
export function isLittleEndian(bytes: Uint8Array): boolean {
  return hasText(bytes, "II");
}

/** Where the first directory lies. */
export function firstDirectory(bytes: Uint8Array): number {
  return bytes.length < 8 ? 0 : viewOf(bytes).getUint32(4, isLittleEndian(bytes));
}

/**
 * Read one of a TIFF's directories.
 *
 * @param at Where it lies.
 * @returns `undefined` if it does not lie in the file.
 */
export function readDirectory(bytes: Uint8Array, at: number): TiffDirectory | undefined {
  const view = viewOf(bytes);
  const little = isLittleEndian(bytes);
  if (at < 8 || at + 2 > bytes.length) return undefined;
  const end = at + 2 + view.getUint16(at, little) * 12;
  if (end > bytes.length) return undefined;
  const places = new Map<number, number>();
  for (let entry = at + 2; entry < end; entry += 12) {
    const tag = view.getUint16(entry, little);
    if (!places.has(tag)) places.set(tag, entry);
  }
  const values = (tag: number, most = mostValues) => {
    const entry = places.get(tag);
    const [size, read] = readers[entry === undefined ? 0 : view.getUint16(entry + 2, little)] ?? [];
    if (entry === undefined || size === undefined || read === undefined) return [];
    const count = view.getUint32(entry + 4, little);
    const start = count * size > 4 ? view.getUint32(entry + 8, little) : entry + 8;
    if (start + count * size > bytes.length) return [];
    return Array.from(
      { length: Math.min(count, most) },
      (_, index) => view[read](start + index * size, little),
    );
  };
  return {
    values: (tag) => values(tag),
    value: (tag, other) => values(tag, 1)[0] ?? other,
    next: end + 4 > bytes.length ? 0 : view.getUint32(end, little),
  };
}

/** How many directories are looked at: damaged files have circles of them. */
const mostDirectories = 4096;

/** The directories one after another: a picture each, such as a page or a thumbnail. */
export function* tiffDirectories(bytes: Uint8Array): Generator<TiffDirectory> {
  const seen = new Set<number>();
  for (let at = firstDirectory(bytes); at !== 0 && !seen.has(at) && seen.size < mostDirectories;) {
    seen.add(at);
    const directory = readDirectory(bytes, at);
    if (!directory) return;
    yield directory;
    at = directory.next;
  }
}

/** A text of a directory, such as who made the camera. */
export function textOf(directory: TiffDirectory, tag: number): string {
  const text = Uint8Array.from(directory.values(tag));
  return textAt(text, 0, Math.min(text.length, 64)).replace(/\0.*$/s, "").trim();
}
