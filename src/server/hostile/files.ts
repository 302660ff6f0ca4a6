/**
 * Files that are damaged, or no photos.
 *
 * @module
 */
import { gzipSync } from "node:zlib";
import { type Hostile, hostile, post, type Samples, utf8, type Wire, wire } from "./request.ts";

const explain = "/explain?format=json";
const answered = { statuses: [200, 400, 413, 415, 422] };
const refused = { statuses: [400, 413, 415, 422] };

/** Numbers that look random and are the same for a seed. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = state + 0x6d2b79f5 | 0;
    let value = Math.imul(state ^ state >>> 15, 1 | state);
    value = value + Math.imul(value ^ value >>> 7, 61 | value) ^ value;
    return ((value ^ value >>> 14) >>> 0) / 2 ** 32;
  };
}

function formatsOf(samples: Samples): [string, Uint8Array<ArrayBuffer>][] {
  return Object.entries(samples).filter(([name]) => !["large", "photo"].includes(name));
}

/** Photos of every format that end at each tenth. */
export function truncated(samples: Samples): Hostile[] {
  const parts = [1, 2, 3, 4, 5, 6, 7, 8, 9];
  return [
    ...formatsOf(samples).flatMap(([name, bytes]) =>
      parts.map((part) =>
        hostile(
          `${name} at ${part} tenths`,
          () => post(explain, bytes.slice(0, bytes.length * part / 10)),
          answered,
        )
      )
    ),
    ...parts.map((part) =>
      hostile(`photo at ${part} tenths`, () => {
        const { photo } = samples;
        return post(explain, photo!.slice(0, photo!.length * part / 10));
      }, refused)
    ),
  ];
}

/** Photos of every format in which some bytes are others. */
export function damaged(samples: Samples): Hostile[] {
  return formatsOf(samples).flatMap(([name, bytes]) => [
    ...[1, 2].map((seed) =>
      hostile(`${name}, ten bytes changed, seed ${seed}`, () => {
        const next = random(seed);
        const copy = bytes.slice();
        for (let count = 0; count < 10; count++) {
          copy[Math.floor(next() ** 2 * copy.length)] = Math.floor(next() * 256); // the head is likelier
        }
        return post(explain, copy);
      }, answered)
    ),
    hostile(
      `${name}, zeros from the middle on`,
      () => post(explain, bytes.slice().fill(0, bytes.length / 2)),
      answered,
    ),
    hostile(`${name}, all zeros after its mark`, () => post(explain, bytes.slice().fill(0, 16)), answered),
    hostile(`${name}, its mark alone`, () => post(explain, bytes.slice(0, 16)), answered),
    hostile(`${name} behind a zero`, () => post(explain, wire("\0", bytes)), answered),
    hostile(`${name} and 1 MB more`, () => post(explain, wire(bytes, new Uint8Array(1_000_000))), answered),
  ]);
}

/** Files of other kinds. */
export function foreign({ plain, jpeg, gif }: Samples): Hostile[] {
  const svg = (content: string) =>
    `<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">${content}</svg>`;
  const entities = Array.from(
    { length: 20 },
    (_, index) => `<!ENTITY e${index + 1} "${`&e${index};`.repeat(10)}">`,
  ).join("");
  const files: Readonly<Record<string, readonly Wire[]>> = {
    "SVG": [svg("")],
    "SVG with a script": [svg("<script>alert(1)</script>")],
    "SVG of a billion laughs": [`<!DOCTYPE svg [<!ENTITY e0 "a">${entities}]>${svg("&e20;")}`],
    "SVG that asks for a file": [`<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>${svg("&x;")}`],
    "HTML": ["<!doctype html><img src=x onerror=alert(1)>"],
    "ImageMagick's language": ["push graphic-context\nviewbox 0 0 9 9\nfill 'url(https://127.0.0.1/)'\npop"],
    "MSL": ['<?xml version="1.0"?><image><read filename="/etc/passwd"/></image>'],
    "PostScript": ["%!PS-Adobe-3.0\n(/etc/passwd) (r) file"],
    "PDF": ["%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF"],
    "ZIP": ["PK\x03\x04", new Uint8Array(100)],
    "gzip": [Uint8Array.from(gzipSync(plain!))],
    "ELF": ["\x7fELF\x02\x01\x01", new Uint8Array(100)],
    "a program": ["MZ", new Uint8Array(100)],
    "MP4": ["\0\0\0\x18ftypmp42\0\0\0\0mp42isom", new Uint8Array(100)],
    "HEIC": ["\0\0\0\x18ftypheic\0\0\0\0mif1heic", new Uint8Array(100)],
    "AVIF without a picture": ["\0\0\0\x1cftypavif\0\0\0\0avifmif1miaf", new Uint8Array(100)],
    "AVIF whose box has no end": [
      "\0\0\0\x1cftypavif\0\0\0\0avifmif1miaf",
      "\0\0\0\x01meta\xff\xff\xff\xff\xff\xff\xff\xff",
    ],
    "WebP of 4 GB": ["RIFF\xff\xff\xff\xffWEBPVP8 \xff\xff\xff\xff", new Uint8Array(100)],
    "WebP of 16,384 × 16,384": ["RIFF\x16\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0\xff\x3f\0\xff\x3f\0"],
    "Photoshop": ["8BPS\0\x01\0\0\0\0\0\0\0\x03\0\0\xff\xff\0\0\xff\xff\0\x08\0\x03"],
    "JPEG XL": ["\xff\x0a\xfa\x7f\x01\x90\x08", new Uint8Array(100)],
    "JPEG 2000": ["\0\0\0\x0cjP  \r\n\x87\n", new Uint8Array(100)],
    "OpenEXR": ["\x76\x2f\x31\x01\x02\0\0\0", new Uint8Array(100)],
    "an icon": ["\0\0\x01\0\x01\0\0\0\0\0\x01\0 \0\xff\xff\xff\xff\x16\0\0\0"],
    "a bitmap of 2³¹ pixels a row": [
      "BM",
      new Uint8Array(8),
      "\x36\0\0\0\x28\0\0\0\xff\xff\xff\x7f\x01\0\0\0\x01\0\x18\0",
      new Uint8Array(24),
    ],
    "a bitmap of negative width": [
      "BM",
      new Uint8Array(8),
      "\x36\0\0\0\x28\0\0\0\xff\xff\xff\xff\x01\0\0\0\x01\0\x18\0",
      new Uint8Array(24),
    ],
    "a bitmap of runs beyond its end": [
      "BM",
      new Uint8Array(8),
      "\x36\0\0\0\x28\0\0\0\0\x10\0\0\0\x10\0\0\x01\0\x08\0\x01\0\0\0",
      new Uint8Array(20),
      "\xff\x01".repeat(100),
    ],
    "PNM": ["P6 99999 99999 255\n"],
    "JSON": ['{"photo":1}'],
    "text": ["a photo, please"],
    "one byte": ["a"],
    "1 MB of zeros": [new Uint8Array(1_000_000)],
    "1 MB of 0xff": [new Uint8Array(1_000_000).fill(0xff)],
  };
  const two: Readonly<Record<string, readonly Wire[]>> = {
    "PNG and ZIP": [plain!, "PK\x03\x04", new Uint8Array(100), "PK\x05\x06", new Uint8Array(18)],
    "GIF and JavaScript": [gif!, "*/=1;alert(1)"],
    "JPEG and HTML": [jpeg!, "<script>alert(1)</script>"],
    "JPEG and PNG": [jpeg!, plain!],
    "PNG and JPEG": [plain!, jpeg!],
  };
  return [
    ...Object.entries(files).map(([name, parts]) =>
      hostile(name, () => post(explain, wire(...parts)), refused)
    ),
    ...Object.entries(two).map(([name, parts]) =>
      hostile(name, () => post(explain, wire(...parts)), answered)
    ),
    hostile(
      "SVG that says it is PNG",
      () => post(explain, utf8(svg("")), ["Content-Type: image/png"]),
      refused,
    ),
  ];
}

/** GIFs whose frames are absurd. */
export function frames({ gif }: Samples): Hostile[] {
  const short = (value: number) => String.fromCharCode(value & 0xff, value >> 8);
  const screen = (width: number, height: number) =>
    `GIF89a${short(width)}${short(height)}\x80\0\0\0\0\0\xff\xff\xff`;
  const frame = (x: number, y: number, width: number, height: number, data = "\x02\x02\x44\x01\0") =>
    `,${short(x)}${short(y)}${short(width)}${short(height)}\0${data}`;
  const files: Readonly<Record<string, readonly string[]>> = {
    "65,535 × 65,535 and one pixel": [screen(65_535, 65_535), frame(0, 0, 1, 1), ";"],
    "a frame of 65,535 × 65,535 on a screen of 1": [screen(1, 1), frame(0, 0, 65_535, 65_535), ";"],
    "a frame outside of its screen": [screen(4, 4), frame(60_000, 60_000, 4, 4), ";"],
    "a frame of 0 × 0": [screen(4, 4), frame(0, 0, 0, 0), ";"],
    "a screen of 0 × 0": [screen(0, 0), frame(0, 0, 1, 1), ";"],
    "no frame": [screen(4, 4), ";"],
    "10,000 frames": [screen(1, 1), frame(0, 0, 1, 1).repeat(10_000), ";"],
    "10,000 comments": [screen(1, 1), "!\xfe\x01a\0".repeat(10_000), frame(0, 0, 1, 1), ";"],
    "codes of 0 bits": [screen(4, 4), frame(0, 0, 4, 4, "\0\x02\x44\x01\0"), ";"],
    "codes of 255 bits": [screen(4, 4), frame(0, 0, 4, 4, "\xff\x02\x44\x01\0"), ";"],
    "a table that is cut short": ["GIF89a\x04\0\x04\0\xf7\0\0abc"],
    "1 MB of data for one pixel": [
      screen(1, 1),
      frame(0, 0, 1, 1, `\x02${`\xff${"\x44".repeat(255)}`.repeat(4000)}\0`),
      ";",
    ],
    "4,900 × 4,900 of one colour": [screen(4900, 4900), frame(0, 0, 1, 1), ";"],
  };
  return [
    ...Object.entries(files).map(([name, parts]) =>
      hostile(name, () => post(explain, wire(...parts)), answered)
    ),
    hostile("a frame twice", () => post(explain, wire(gif!.slice(0, -1), gif!.slice(13))), answered),
  ];
}

/** TIFFs whose directories lead nowhere, or in circles. */
export function directories({ tiff }: Samples): Hostile[] {
  const sound = tiff!;
  const number = (value: number) =>
    String.fromCharCode(value & 255, value >>> 8 & 255, value >>> 16 & 255, value >>> 24);
  const entry = (tag: number, type: number, count: number, value: number) =>
    number(tag | type << 16) + number(count) + number(value);
  const directory = (entries: readonly string[], next = 0) =>
    wire(
      `II*\0${number(8)}${String.fromCharCode(entries.length & 255, entries.length >> 8)}${entries.join("")}${
        number(next)
      }`,
    );
  const size = (width: number, height: number) => [
    entry(256, 4, 1, width),
    entry(257, 4, 1, height),
    entry(258, 3, 1, 8),
    entry(259, 3, 1, 1),
    entry(262, 3, 1, 1),
  ];
  const files: Readonly<Record<string, () => Uint8Array<ArrayBuffer>>> = {
    "a directory that leads to itself": () => directory(size(4, 4), 8),
    "a directory beyond the end": () => wire("II*\0\xff\xff\xff\xff"),
    "a directory of 65,535 entries": () => wire("II*\0\x08\0\0\0\xff\xff", new Uint8Array(200)),
    "no entries": () => directory([]),
    "100,000 × 100,000": () =>
      directory([...size(100_000, 100_000), entry(273, 4, 1, 8), entry(279, 4, 1, 9)]),
    "strips beyond the end": () =>
      directory([...size(4, 4), entry(273, 4, 1, 0xffffff00), entry(279, 4, 1, 16)]),
    "4 billion strips": () =>
      directory([...size(4, 4), entry(273, 4, 0xffffffff, 8), entry(279, 4, 0xffffffff, 8)]),
    "0 rows a strip": () =>
      directory([...size(4, 4), entry(278, 4, 1, 0), entry(273, 4, 1, 8), entry(279, 4, 1, 16)]),
    "tiles of 1 × 1": () =>
      directory([...size(4000, 4000), entry(322, 4, 1, 1), entry(323, 4, 1, 1), entry(324, 4, 1, 8)]),
    "tiles of 0 × 0": () =>
      directory([...size(40, 40), entry(322, 4, 1, 0), entry(323, 4, 1, 0), entry(324, 4, 1, 8)]),
    "65,535 samples a pixel": () =>
      directory([...size(4000, 4000), entry(277, 3, 1, 65_535), entry(273, 4, 1, 8)]),
    "a type that is none": () => directory([entry(256, 99, 1, 4), entry(257, 0, 1, 4)]),
    "an unknown compression": () =>
      directory([entry(256, 4, 1, 4), entry(257, 4, 1, 4), entry(259, 3, 1, 9999)]),
    "big TIFF": () => wire("II+\0\x08\0\0\0\x10\0\0\0\0\0\0\0\xff\xff\xff\xff\xff\xff\xff\xff"),
    "the other order of bytes": () => wire("MM\0*", sound.slice(4)),
    "a sound one of which the directory is gone": () => sound.slice(0, 100),
  };
  return Object.entries(files).map(([name, bytes]) => hostile(name, () => post(explain, bytes()), answered));
}
