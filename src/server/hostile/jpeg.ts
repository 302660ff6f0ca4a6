/**
 * JPEGs that take far longer than they look, or are not what they say.
 *
 * @module
 */
import { type Hostile, hostile, joinAll, post, type Samples, wire } from "./request.ts";

const explain = "/explain?format=json";

/** A segment with its length. */
function segment(marker: number, data: string): Uint8Array<ArrayBuffer> {
  const length = data.length + 2;
  return wire(new Uint8Array([0xff, marker, length >> 8, length & 0xff]), data);
}

function text(...numbers: readonly number[]): string {
  return String.fromCharCode(...numbers);
}

/** A Huffman table of one code, the bit 0. */
const table = (kind: number, symbol: number) => segment(0xc4, text(kind, 1, ...Array(15).fill(0), symbol));

/** Bits one after the other, filled up with ones. */
function pack(bits: string): Uint8Array<ArrayBuffer> {
  const whole = bits.padEnd(Math.ceil(bits.length / 8) * 8, "1");
  return new Uint8Array(
    Array.from({ length: whole.length / 8 }, (_, at) => parseInt(whole.slice(at * 8, at * 8 + 8), 2)),
  );
}

/**
 * A grey progressive JPEG whose scans are a dozen bytes each: runs of blocks of which each says nothing.
 *
 * @param side Height and width in pixels, a multiple of 1,024.
 * @param scans How many there are, after the first.
 */
function manyScans(side: number, scans: number): Uint8Array<ArrayBuffer> {
  const blocks = (side / 8) ** 2;
  const frame = segment(0xc2, text(8, side >> 8, side & 0xff, side >> 8, side & 0xff, 1, 1, 0x11, 0));
  const quantisation = segment(0xdb, text(0, ...Array(64).fill(1)));
  const first = wire(segment(0xda, text(1, 1, 0, 0, 0, 0)), new Uint8Array(blocks / 8));
  const run = `0${"0".repeat(14)}`; // 2 ** 14 blocks
  const scan = wire(segment(0xda, text(1, 1, 0, 1, 63, 0)), pack(run.repeat(blocks / 2 ** 14)));
  const tables = [table(0x00, 0x00), table(0x10, 0xe0)];
  return joinAll(["\xff\xd8", quantisation, frame, ...tables, first, ...Array(scans).fill(scan), "\xff\xd9"]);
}

/** Progressive ones of very many scans. */
export function jpegScans(): Hostile[] {
  const refused = { statuses: [400, 413, 422] };
  return [
    hostile("2,000 scans of 4,096 × 4,096", () => post(explain, manyScans(4096, 2000)), refused),
    hostile("20,000 scans of 4,096 × 4,096", () => post(explain, manyScans(4096, 20_000)), refused),
    hostile("20,000 scans of 1,024 × 1,024", () => post(explain, manyScans(1024, 20_000)), refused),
    hostile("5,000 scans as an overlay", () => post("/explain", manyScans(1024, 5000)), refused),
  ];
}

/** Segments that are wrong, in a sound photo. */
export function jpegSegments({ jpeg }: Samples): Hostile[] {
  const sound = jpeg!;
  const rest = sound.slice(2);
  const frame = sound.findIndex((byte, at) => byte === 0xff && [0xc0, 0xc1, 0xc2].includes(sound[at + 1]!));
  const changed = (offset: number, ...values: readonly number[]) => () => {
    const copy = sound.slice();
    copy.set(values, frame + offset);
    return copy;
  };
  const files: Readonly<Record<string, () => Uint8Array<ArrayBuffer>>> = {
    "65,535 × 65,535 in the header": changed(5, 0xff, 0xff, 0xff, 0xff),
    "65,535 × 300": changed(5, 0xff, 0xff, 1, 44),
    "a height of 0": changed(5, 0, 0),
    "a width of 0": changed(7, 0, 0),
    "a depth of 12": changed(4, 12),
    "no components": changed(9, 0),
    "255 components": changed(9, 255),
    "factors of sampling of 15": changed(11, 0xff),
    "factors of sampling of 0": changed(11, 0),
    "a table that is not there": changed(12, 3),
    "arithmetic coding": changed(1, 0xc9),
    "lossless": changed(1, 0xc3),
    "no frame": () => wire("\xff\xd8", segment(0xfe, "a"), "\xff\xd9"),
    "the start alone": () => wire("\xff\xd8"),
    "start and end": () => wire("\xff\xd8\xff\xd9"),
    "a segment of length 0": () => wire("\xff\xd8\xff\xe1\0\0", rest),
    "a segment beyond the end": () => wire("\xff\xd8\xff\xe1\xff\xff", rest.slice(0, 100)),
    "10,000 comments": () => wire("\xff\xd8", ...Array(10_000).fill(segment(0xfe, "a")), rest),
    "1 MB of fill bytes": () => wire("\xff\xd8", "\xff".repeat(1_000_000), rest),
    "EXIF that points at itself": () =>
      wire(
        "\xff\xd8",
        segment(0xe1, "Exif\0\0MM\0*\0\0\0\x08\0\x01\x87\x69\0\x04\0\0\0\x01\0\0\0\x08\0\0\0\x08"),
        rest,
      ),
    "EXIF of 65,535 entries": () => wire("\xff\xd8", segment(0xe1, "Exif\0\0MM\0*\0\0\0\x08\xff\xff"), rest),
    "an orientation of 0": () =>
      wire(
        "\xff\xd8",
        segment(0xe1, "Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\0\0\0\0\0\0\0"),
        rest,
      ),
    "a profile in 255 parts of which one is there": () =>
      wire("\xff\xd8", segment(0xe2, "ICC_PROFILE\0\x01\xffabc"), rest),
    "a restart after each block": () => wire("\xff\xd8", segment(0xdd, "\0\x01"), rest),
    "two photos in one": () => wire(sound, sound),
    "a photo in a photo": () =>
      wire("\xff\xd8", segment(0xe1, String.fromCharCode(...sound.slice(0, 60_000))), rest),
  };
  return Object.entries(files).map(([name, bytes]) =>
    hostile(name, () => post(explain, bytes()), { statuses: [200, 400, 413, 422] })
  );
}
