/**
 * What several tests of photos need. It is not published.
 *
 * @module
 */
import { testdata } from "../../testing/mod.ts";

/** An image file of the test data. */
export interface ImageCase {
  /** Its name. */
  readonly file: string;
  /** Pixels from left to right, upright. */
  readonly width: number;
  /** Pixels from top to bottom, upright. */
  readonly height: number;
}

const images = new URL("images/", testdata);

/** All image files of the test data. */
export async function readImageCases(): Promise<readonly ImageCase[]> {
  return JSON.parse(await Deno.readTextFile(new URL("index.json", images))).files;
}

/** The content of an image file. */
export async function readImageFile(file: string): Promise<Uint8Array<ArrayBuffer>> {
  return await Deno.readFile(new URL(file, images));
}

/** What Pillow makes of an image file: `height` × `width` × 3 values, upright and on white. */
export async function readPillowPixels(file: string): Promise<Uint8Array> {
  const packed = new Blob([await readImageFile(`${file}.rgb.gz`)]);
  return await new Response(packed.stream().pipeThrough(new DecompressionStream("gzip"))).bytes();
}

/** A chunk of a PNG. */
export function pngChunk(kind: string, content: Uint8Array): Uint8Array<ArrayBuffer> {
  const chunk = new Uint8Array(content.length + 12);
  const view = new DataView(chunk.buffer);
  view.setUint32(0, content.length);
  chunk.set(new TextEncoder().encode(kind), 4);
  chunk.set(content, 8);
  view.setUint32(content.length + 8, crc(chunk.subarray(4, -4)));
  return chunk;
}

/** The checksum of a PNG's chunks. */
function crc(bytes: Uint8Array): number {
  let sum = 0xffffffff;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit++) sum = sum & 1 ? sum >>> 1 ^ 0xedb88320 : sum >>> 1;
  }
  return ~sum >>> 0;
}

/** What a PNG calls grey, RGB, grey with opacity, and RGB with opacity, by their channels. */
const pngColors = [0, 0, 4, 2, 6];

/** A PNG of 16 bits from `height` × `width` × `channels` values. */
export async function writeDeepPng(
  values: readonly number[],
  { height, width }: { readonly height: number; readonly width: number },
): Promise<Uint8Array> {
  const channels = values.length / height / width;
  const rows = new DataView(new ArrayBuffer(height * (1 + width * channels * 2)));
  values.forEach((value, at) => {
    const row = Math.floor(at / (width * channels));
    rows.setUint16(at * 2 + row + 1, value);
  });
  const header = new DataView(new ArrayBuffer(13));
  header.setUint32(0, width);
  header.setUint32(4, height);
  header.setUint8(8, 16);
  header.setUint8(9, pngColors[channels]!);
  const packed = new Blob([rows]).stream().pipeThrough(new CompressionStream("deflate"));
  const parts = [
    Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a),
    pngChunk("IHDR", new Uint8Array(header.buffer)),
    pngChunk("IDAT", await new Response(packed).bytes()),
    pngChunk("IEND", new Uint8Array()),
  ];
  return await new Blob(parts).bytes();
}

/** Numbers of a TIFF's directory, by their tags. */
export type TiffFields = Readonly<Record<number, readonly number[]>>;

/** Whole numbers of 4 bytes, the lowest first. */
const long = 4;

/** A TIFF with the lower bytes first: directories one after another, all of whose pictures are in one strip. */
export function writeTiff(directories: readonly TiffFields[], strip: Uint8Array): Uint8Array {
  const [stripOffsets, stripByteCounts] = [273, 279];
  const view = new DataView(new ArrayBuffer(strip.length + 65_536));
  let at = 8;
  const stripAt = at;
  new Uint8Array(view.buffer).set(strip, at);
  at += strip.length + strip.length % 2;
  view.setUint32(0, 0x002a4949, true);
  let link = 4;
  for (const fields of directories) {
    const all = Object.entries({ ...fields, [stripOffsets]: [stripAt], [stripByteCounts]: [strip.length] });
    view.setUint32(link, at, true);
    view.setUint16(at, all.length, true);
    let beyond = at + 2 + all.length * 12 + 4;
    all.forEach(([tag, values], index) => {
      const entry = at + 2 + index * 12;
      view.setUint16(entry, Number(tag), true);
      view.setUint16(entry + 2, long, true);
      view.setUint32(entry + 4, values.length, true);
      const start = values.length > 1 ? beyond : entry + 8;
      if (values.length > 1) view.setUint32(entry + 8, beyond, true);
      values.forEach((value, place) => view.setUint32(start + place * 4, value, true));
      if (values.length > 1) beyond += values.length * 4;
    });
    link = at + 2 + all.length * 12;
    at = beyond;
  }
  return new Uint8Array(view.buffer).slice(0, at);
}

/** A TIFF of `height` × `width` × `channels` values of 16 bits, or of another number that the fields say. */
export function writeDeepTiff(
  values: readonly number[],
  { height, width }: { readonly height: number; readonly width: number },
  fields: TiffFields = {},
): Uint8Array {
  const tags = { width: 256, height: 257, bits: 258, photometric: 262, samples: 277, rows: 278 };
  const channels = values.length / height / width;
  const bits = fields[tags.bits]?.[0] ?? 16;
  const strip = bits === 32 ? Uint32Array.from(values) : Uint16Array.from(values); // the machine is little-endian
  return writeTiff([{
    [tags.width]: [width],
    [tags.height]: [height],
    [tags.photometric]: [channels < 3 ? 1 : 2],
    [tags.samples]: [channels],
    [tags.rows]: [height],
    ...fields,
    [tags.bits]: Array(channels).fill(bits),
  }], new Uint8Array(strip.buffer));
}

/** How a JPEG is written. */
export interface FlatJpeg {
  readonly height: number;
  readonly width: number;
  /** Whether it comes in scans, each finer than the one before. */
  readonly isProgressive?: boolean;
  /** How often its last scan is there, where it is progressive. */
  readonly repeats?: number;
  /** How the camera was held, 1 to 8. */
  readonly orientation?: number;
  /** Pixels of red and blue that share a value across and down: 2 for 4:2:0, 1 for 4:4:4. */
  readonly shared?: 1 | 2;
}

/** A segment of a JPEG. */
function jpegSegment(marker: number, content: ArrayLike<number>): Uint8Array<ArrayBuffer> {
  const length = content.length + 2;
  return Uint8Array.of(0xff, marker, length >> 8, length & 255, ...Array.from(content));
}

/** A table of codes that has one: a single 0, which means 0. */
const oneCode = [1, ...new Array(15).fill(0), 0];

/** A grey JPEG in colour: each block is a bit or two, all of them 0. */
export function writeFlatJpeg(
  { height, width, isProgressive = false, repeats = 1, orientation, shared = 2 }: FlatJpeg,
) {
  const [across, down] = [Math.ceil(width / 8 / shared), Math.ceil(height / 8 / shared)];
  const exif = [..."Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0"].map((letter) =>
    letter.charCodeAt(0)
  );
  const frame = [
    8,
    height >> 8,
    height & 255,
    width >> 8,
    width & 255,
    3,
    1,
    shared * 0x11,
    0,
    2,
    0x11,
    0,
    3,
    0x11,
    0,
  ];
  const scan = (components: readonly number[], bits: number, [first, last]: readonly [number, number]) => [
    jpegSegment(0xda, [components.length, ...components.flatMap((name) => [name, 0]), first, last, 0]),
    new Uint8Array(Math.ceil(bits / 8)),
  ];
  const blocks = across * down;
  const perUnit = shared ** 2 + 2;
  const luma = Math.ceil(width / 8) * Math.ceil(height / 8);
  const all = [1, 2, 3];
  const progressive = [
    ...scan(all, blocks * perUnit, [0, 0]),
    ...scan([1], luma, [1, 63]),
    ...scan([2], blocks, [1, 63]),
    ...Array.from({ length: repeats }, () => scan([3], blocks, [1, 63])).flat(),
  ];
  return new Blob([
    Uint8Array.of(0xff, 0xd8),
    ...orientation ? [jpegSegment(0xe1, [...exif, orientation, 0, 0, 0, 0, 0, 0])] : [],
    jpegSegment(0xdb, [0, ...new Array(64).fill(1)]),
    jpegSegment(isProgressive ? 0xc2 : 0xc0, frame),
    jpegSegment(0xc4, [0x00, ...oneCode]),
    jpegSegment(0xc4, [0x10, ...oneCode]),
    ...isProgressive ? progressive : scan(all, blocks * perUnit * 2, [0, 63]),
    Uint8Array.of(0xff, 0xd9),
  ]).bytes();
}
