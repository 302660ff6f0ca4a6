/**
 * PNGs that are far larger than they look, or not what they say.
 *
 * @module
 */
import { crc32, deflateSync } from "node:zlib";
import { type Hostile, hostile, joinAll, post, type Samples, utf8, wire } from "./request.ts";

const explain = "/explain?format=json";
const signature = "\x89PNG\r\n\x1a\n";

function number(value: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value);
  return bytes;
}

/** A chunk with its check sum. */
function chunk(type: string, data: Uint8Array<ArrayBuffer> = new Uint8Array()): Uint8Array<ArrayBuffer> {
  const checked = wire(type, data);
  return wire(number(data.length), checked, number(crc32(checked)));
}

function ihdr(width: number, height: number, ...rest: readonly number[]): Uint8Array<ArrayBuffer> {
  const [depth = 8, colour = 0, packing = 0, filter = 0, interlace = 0] = rest;
  return chunk(
    "IHDR",
    wire(number(width), number(height), new Uint8Array([depth, colour, packing, filter, interlace])),
  );
}

function zlib(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(deflateSync(bytes, { level: 1 }));
}

/** A grey PNG of zeros, complete. */
function black(width: number, height: number, depth = 8): Uint8Array<ArrayBuffer> {
  const row = 1 + Math.ceil(width * depth / 8);
  return wire(
    signature,
    ihdr(width, height, depth),
    chunk("IDAT", zlib(new Uint8Array(row * height))),
    chunk("IEND"),
  );
}

/** A PNG whose header says a size that its pixels do not have. */
function hollow(width: number, height: number, ...rest: readonly number[]): Uint8Array<ArrayBuffer> {
  return wire(
    signature,
    ihdr(width, height, ...rest),
    chunk("IDAT", zlib(new Uint8Array(100))),
    chunk("IEND"),
  );
}

/** Sides and sizes that a small file can have. */
export function pngSizes(): Hostile[] {
  const refused = { statuses: [400, 413, 422] };
  return [
    hostile("1 × 3,000,000", () => post(explain, black(1, 3_000_000))),
    hostile("3,000,000 × 1", () => post(explain, black(3_000_000, 1))),
    hostile("1 × 24,999,999", () => post(explain, black(1, 24_999_999))),
    hostile("24,999,999 × 1, of one bit", () => post(explain, black(24_999_999, 1, 1))),
    hostile("2 × 12,000,000, of one bit", () => post(explain, black(2, 12_000_000, 1))),
    hostile("3 × 200,000 as an overlay", () => post("/explain", black(3, 200_000))),
    hostile("30,000 × 800 as a panel", () => post("/explain?format=panel", black(30_000, 800))),
    hostile("25,000 × 25,000 in the header", () => post(explain, hollow(25_000, 25_000)), refused),
    hostile("5,000 × 5,001, one row too many", () => post(explain, hollow(5000, 5001)), refused),
    hostile("4,000 × 6,000 in the header alone", () => post(explain, hollow(4000, 6000)), refused),
    hostile("2³¹ − 1 wide", () => post(explain, hollow(0x7fffffff, 1)), refused),
    hostile("2³² − 1 each way", () => post(explain, hollow(0xffffffff, 0xffffffff)), refused),
    hostile("0 × 0", () => post(explain, hollow(0, 0)), refused),
    hostile("0 × 1", () => post(explain, hollow(0, 1)), refused),
    hostile(
      "4,000 × 6,000 of 16 bits, four channels, in the header",
      () => post(explain, hollow(4000, 6000, 16, 6)),
      refused,
    ),
    hostile("2 × 2", () => post("/explain?format=panel", black(2, 2))),
    hostile("1 × 1", () => post("/explain", black(1, 1))),
  ];
}

/** Chunks that are wrong, in a sound photo. */
export function pngChunks({ plain }: Samples): Hostile[] {
  const sound = plain!;
  const refused = { statuses: [400, 413, 422] };
  const head = sound.slice(8, 33); // IHDR
  const rest = sound.slice(33);
  const changed = (at: number, value: number) =>
    Uint8Array.from(sound, (byte, index) => index === at ? value : byte);
  const zeros = new Uint8Array(50_000_000);
  const files: Readonly<Record<string, () => Uint8Array<ArrayBuffer>>> = {
    "a wrong check sum of the header": () => changed(30, sound[30]! ^ 1),
    "a wrong check sum of the pixels": () => changed(sound.length - 14, sound[sound.length - 14]! ^ 1),
    "a depth of 7": () => wire(signature, ihdr(4, 4, 7), rest),
    "a colour type of 9": () => wire(signature, ihdr(4, 4, 8, 9), rest),
    "an unknown packing": () => wire(signature, ihdr(4, 4, 8, 0, 1), rest),
    "an unknown interlacing": () => wire(signature, ihdr(4, 4, 8, 0, 0, 0, 9), rest),
    "no header": () => wire(signature, rest),
    "two headers": () => wire(signature, head, head, rest),
    "no pixels": () => wire(signature, head, chunk("IEND")),
    "pixels without a palette": () => wire(signature, ihdr(40, 26, 8, 3), rest),
    "a chunk of 4 GB": () => wire(signature, head, "\xff\xff\xff\xffIDAT", rest),
    "100,000 empty chunks": () => joinAll([signature, head, ...Array(100_000).fill(chunk("IDAT")), rest]),
    "100,000 texts": () =>
      joinAll([signature, head, ...Array(100_000).fill(chunk("tEXt", utf8("a\0b"))), rest]),
    "a text that unpacks to 50 MB": () =>
      wire(signature, head, chunk("zTXt", wire("a\0\0", zlib(zeros))), rest),
    "a profile that unpacks to 50 MB": () =>
      wire(signature, head, chunk("iCCP", wire("a\0\0", zlib(zeros))), rest),
    "pixels that unpack to 50 MB": () => wire(signature, head, chunk("IDAT", zlib(zeros)), chunk("IEND")),
    "pixels that do not unpack": () =>
      wire(signature, head, chunk("IDAT", utf8("no deflate")), chunk("IEND")),
    "an unknown chunk that matters": () => wire(signature, head, chunk("XXXX", utf8("a")), rest),
    "an orientation of 99": () =>
      wire(
        signature,
        head,
        chunk("eXIf", wire("MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x63\0\0\0\0\0\0")),
        rest,
      ),
    "EXIF that points at itself": () =>
      wire(
        signature,
        head,
        chunk("eXIf", wire("MM\0*\0\0\0\x08\0\x01\x87\x69\0\x04\0\0\0\x01\0\0\0\x08\0\0\0\x08")),
        rest,
      ),
    "animation of 4 billion frames": () =>
      wire(signature, head, chunk("acTL", wire(number(0xffffffff), number(0))), rest),
    "a frame outside of the picture": () =>
      wire(
        signature,
        head,
        chunk("acTL", wire(number(1), number(0))),
        chunk("fcTL", wire(number(0), number(60_000), number(60_000), number(9), number(9), "\0\0\0\0\0\0")),
        rest,
      ),
  };
  const mayBeRead =
    /check sum|texts|text that|profile|orientation|EXIF|animation|outside|empty chunks|two headers|50 MB|unknown chunk/;
  return Object.entries(files).map(([name, bytes]) =>
    hostile(
      name,
      () => post(explain, bytes()),
      mayBeRead.test(name) ? { statuses: [200, ...refused.statuses] } : refused,
    )
  );
}
