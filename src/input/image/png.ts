import { release } from "../../base/release.ts";
import { hasText, viewOf } from "./bytes.ts";
import type { ImageFormat, ImageHeader } from "./format.ts";
import { readOrientation, type StoredPixels } from "./orientation.ts";
import { isIntact, pngChunks } from "./png_chunks.ts";
import { type PngColor, pngColors, type PngMeaning, valuesOf } from "./png_colors.ts";
import { type PngRow, readPngRows } from "./png_rows.ts";
import { partOf, type PictureRows, readStored, rowsAtOnce } from "./rows.ts";
import type { SampleRun, Samples } from "./samples.ts";

/** What a PNG's header says. */
interface PngHeader extends ImageHeader {
  /** Bits a value. */
  readonly depth: number;
  /** The kind of colour, as its number says. */
  readonly color: number;
  readonly isInterlaced: boolean;
}

/** What is looked at of a PNG. Text, colour profiles and further frames are not unpacked. */
interface PngFile extends PngHeader, PngMeaning {
  readonly kind: PngColor;
  readonly channels: number;
  /** What the chunks of its pixels hold. */
  readonly packed: readonly Uint8Array[];
  /** How the camera was held, 1 to 8. */
  readonly orientation: number;
}

function readHeader(bytes: Uint8Array): PngHeader | undefined {
  if (bytes.length < 29 || !hasText(bytes, "IHDR", 12)) return undefined;
  const view = viewOf(bytes);
  const [depth, color, isInterlaced] = [bytes[24]!, bytes[25]!, bytes[28] === 1];
  return { height: view.getUint32(20), width: view.getUint32(16), depth, color, isInterlaced };
}

/** Numbered colours, red, green, blue and opacity each. */
function readPalette(colors: Uint8Array, opacity: Uint8Array | undefined): Uint8Array {
  const palette = new Uint8Array(Math.floor(colors.length / 3) * 4);
  for (let from = 0, to = 0; to < palette.length; from += 3, to += 4) {
    palette.set(colors.subarray(from, from + 3), to);
    palette[to + 3] = opacity?.[to / 4] ?? 255;
  }
  return palette;
}

/** The colour that stands for nothing: two bytes a value, however many bits count. */
function readKey(content: Uint8Array, depth: number): number[] {
  const view = viewOf(content);
  const mask = 2 ** depth - 1;
  return Array.from({ length: content.length >> 1 }, (_, at) => view.getUint16(at * 2) & mask);
}

/** Chunks that are looked at once, the first of each kind. */
const lookedAt = ["IHDR", "PLTE", "tRNS", "eXIf"];

/** @throws If it is damaged. */
function readFile(bytes: Uint8Array, header: PngHeader): PngFile {
  const found = new Map<string, Uint8Array>();
  const packed: Uint8Array[] = [];
  for (const chunk of pngChunks(bytes)) {
    const { kind, content } = chunk;
    const isPixels = kind === "IDAT";
    if (!isPixels && (!lookedAt.includes(kind) || found.has(kind))) continue;
    if (kind !== "eXIf" && !isIntact(bytes, chunk)) throw new Error(`checksum of ${kind}`);
    if (isPixels && content.length > 0) packed.push(content);
    else if (!isPixels) found.set(kind, content);
  }
  const { depth, color } = header;
  const kind = pngColors[color];
  const [compression, filter, interlace] = bytes.subarray(26, 29);
  if (!kind?.depths.includes(depth) || compression !== 0 || filter !== 0 || interlace! > 1) {
    throw new Error("unknown kind");
  }
  const [colors, opacity, exif] = ["PLTE", "tRNS", "eXIf"].map((name) => found.get(name));
  return {
    ...header,
    kind,
    channels: kind.channels,
    packed,
    palette: color === 3 && colors ? readPalette(colors, opacity) : undefined,
    key: opacity && color !== 3 ? readKey(opacity, depth) : undefined,
    orientation: exif ? readOrientation(exif) : 1,
  };
}

/** Put a row into a picture, or into the part of one that begins at a row. */
function putRow(row: PngRow, file: PngFile, data: Uint8ClampedArray, first: number): void {
  const { pass: { left, across }, y, count } = row;
  const at = ((y - first) * file.width + left) * 4;
  file.kind.put(valuesOf(row, file.depth), { data, at, step: across * 4, count }, file);
}

/** All pixels of up to 8 bits, as they are stored. */
async function readWhole(file: PngFile): Promise<StoredPixels> {
  const { height, width, packed } = file;
  const data = new Uint8ClampedArray(height * width * 4);
  for await (const row of readPngRows(packed, file)) putRow(row, file, data, 0);
  return { data, channels: 4, height, width };
}

/** Pixels of up to 8 bits, a few rows at a time. */
async function* readStrips(file: PngFile, room?: Uint8ClampedArray): AsyncGenerator<Uint8ClampedArray> {
  const { height, width, packed } = file;
  const step = rowsAtOnce(file);
  const own = room ? undefined : new Uint8ClampedArray(step * width * 4);
  for await (const row of readPngRows(packed, file)) {
    const first = row.y - row.y % step;
    const strip = own ?? partOf(room!, width, { first, count: Math.min(step, height - first) });
    putRow(row, file, strip, first);
    if (row.y === height - 1 || row.y === first + step - 1) {
      yield strip.subarray(0, (row.y + 1 - first) * width * 4);
    }
  }
  if (own) release(own);
}

/** Values of 16 bits, as they are stored. */
async function* readDeepRuns(file: PngFile): AsyncGenerator<SampleRun> {
  const { width, channels, packed } = file;
  const room = new Uint16Array(width * channels);
  for await (const { pass: { left, across }, y, count, bytes } of readPngRows(packed, file)) {
    const values = room.subarray(0, count * channels);
    for (let at = 0; at < values.length; at++) values[at] = bytes[2 * at]! << 8 | bytes[2 * at + 1]!;
    yield { y, left, across, values };
  }
}

function readDeep(file: PngFile): Samples {
  const { height, width, channels, key, orientation } = file;
  const runs = () => readDeepRuns(file);
  return { runs, channels, height, width, full: [0, 65_535], isWhole: true, key, orientation };
}

/** PNG of any depth; of an animated one the first picture. */
export const pngFormat: ImageFormat<PngHeader> = {
  name: "png",
  isUnmistakable: true,
  title: "PNG",
  endings: ["png"],
  matches: (bytes) => hasText(bytes, "\x89PNG\r\n\x1a\n"),
  readHeader,
  async decode(bytes, header): Promise<PictureRows | Samples> {
    const file = readFile(bytes, header);
    const { height, width, depth, orientation, isInterlaced } = file;
    if (depth === 16) return readDeep(file);
    if (isInterlaced || orientation !== 1) return readStored(await readWhole(file), orientation);
    const isOpaque = file.channels === 3 && !file.key;
    return { height, width, isOpaque, rows: (room) => readStrips(file, room) };
  },
};
