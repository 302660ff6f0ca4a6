import { viewOf } from "./bytes.ts";
import { unpackCodes } from "./lzw.ts";

/** What begins a block: an extension, or a picture. */
const block = { extension: 0x21, picture: 0x2c };

/** The extension that says which colour is transparent. */
const graphicControl = 0xf9;

/** Bits of the flags before a colour table, of a picture, and of what is said about it. */
const flag = { hasTable: 0x80, isInterlaced: 0x40, hasTransparent: 1 };

/** A picture of a GIF, still packed. */
export interface GifPicture {
  /** Where it lies on the screen, in pixels. */
  readonly left: number;
  readonly top: number;
  readonly height: number;
  readonly width: number;
  /** 256 colours as 8-bit RGBA, red in the lowest byte. */
  readonly colors: Uint32Array;
  /** Whether there is a table of colours. */
  readonly hasColors: boolean;
  /** Where its codes begin, in bytes. */
  readonly start: number;
  /** Which of the stored rows is a row; none beyond them. */
  storedRow(y: number): number | undefined;
}

/** Bytes that a colour table takes, by the flags that announce it. */
function tableLength(flags: number): number {
  return flags & flag.hasTable ? 3 << (flags & 7) + 1 : 0;
}

function readColors(table: Uint8Array, transparent: number | undefined): Uint32Array {
  const colors = new Uint32Array(256); // transparent where there are fewer
  for (let at = 0; at + 3 <= table.length; at += 3) {
    colors[at / 3] = 0xff000000 | table[at + 2]! << 16 | table[at + 1]! << 8 | table[at]!;
  }
  if (transparent !== undefined) colors[transparent]! &= 0xffffff;
  return colors;
}

/** The rows of the four passes, each finer than the one before: where they begin, and how far apart they are. */
const passes = [[0, 8], [4, 8], [2, 4], [1, 2]] as const;

/** The stored row of each row of an interlaced picture. */
function interlacedRows(height: number): Uint32Array {
  const rows = new Uint32Array(height);
  let stored = 0;
  for (const [first, apart] of passes) for (let y = first; y < height; y += apart) rows[y] = stored++;
  return rows;
}

/**
 * Find the first picture of a GIF.
 *
 * @returns `undefined` if there is none.
 */
export function readFirstPicture(bytes: Uint8Array): GifPicture | undefined {
  let at = 13 + tableLength(bytes[10]!);
  const shared = bytes.subarray(13, at);
  let transparent: number | undefined;
  while (bytes[at] === block.extension) {
    if (bytes[at + 1] === graphicControl && bytes[at + 2] === 4 && bytes[at + 3]! & flag.hasTransparent) {
      transparent = bytes[at + 6];
    }
    at += 2;
    while (bytes[at]) at += bytes[at]! + 1; // parts, each with its length before it
    at++;
  }
  if (bytes[at] !== block.picture || at + 9 > bytes.length) return undefined;
  const view = viewOf(bytes);
  const flags = bytes[at + 9] ?? 0;
  const height = view.getUint16(at + 7, true);
  const start = at + 10 + tableLength(flags);
  const own = bytes.subarray(at + 10, start);
  const table = flags & flag.hasTable ? own : shared;
  const isInterlaced = (flags & flag.isInterlaced) !== 0;
  let rows: Uint32Array | undefined;
  return {
    left: view.getUint16(at + 1, true),
    top: view.getUint16(at + 3, true),
    height,
    width: view.getUint16(at + 5, true),
    colors: readColors(table, transparent),
    hasColors: table.length > 0,
    start,
    storedRow: (y) =>
      isInterlaced ? (rows ??= interlacedRows(height))[y] : y >= 0 && y < height ? y : undefined,
  };
}

/** The parts of a picture's codes put together; `undefined` if the file ends before they do. */
function joinParts(bytes: Uint8Array, start: number): Uint8Array | undefined {
  let length = 0;
  let end = start;
  for (; bytes[end]; end += bytes[end]! + 1) length += bytes[end]!;
  if (bytes[end] !== 0) return undefined;
  const joined = new Uint8Array(length);
  for (let at = start, to = 0; bytes[at]; to += bytes[at]!, at += bytes[at]! + 1) {
    joined.set(bytes.subarray(at + 1, at + 1 + bytes[at]!), to);
  }
  return joined;
}

/**
 * Unpack a picture of a GIF.
 *
 * @returns The numbers of its pixels' colours, row by row as they are stored; `undefined` if it is damaged.
 */
export function unpackGif(bytes: Uint8Array, picture: GifPicture): Uint8Array | undefined {
  const { height, width, hasColors, start } = picture;
  const literalBits = bytes[start] ?? 0;
  const packed = joinParts(bytes, start + 1);
  if (!packed || !hasColors || literalBits < 2 || literalBits > 8) return undefined;
  try {
    const numbers = unpackCodes(packed, height * width, {
      literalBits,
      isHighestFirst: false,
      isEarly: false,
    });
    return numbers.length === height * width ? numbers : undefined;
  } catch {
    return undefined;
  }
}
