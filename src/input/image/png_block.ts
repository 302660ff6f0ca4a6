import { codeLengths, codesOf, lengthShift } from "./huffman.ts";

/** Literals, the end of the block, and lengths of matches. */
const symbols = 286;
const endOfBlock = 256;

/** The longest match. */
export const longestMatch = 258;
const shortestMatch = 3;

/** One of so many rows is looked at to choose the codes. */
const lookedAt = 8;

/** How a length stands in a block: a symbol, and more bits behind it. */
function lengthSymbol(length: number): { symbol: number; extra: number; count: number } {
  if (length === longestMatch) return { symbol: symbols - 1, extra: 0, count: 0 };
  const beyond = length - shortestMatch;
  const count = Math.max(29 - Math.clz32(beyond), 0); // of eight lengths on, each four symbols have one more
  return { symbol: 257 + (count << 2) + (beyond >> count), extra: beyond & (1 << count) - 1, count };
}

/** Bytes of a pixel less the mean of those to the left and above, rounded down, each on its own. */
function difference(pixel: number, left: number, above: number): number {
  const mean = (left & above) + ((left ^ above) >>> 1 & 0x7f7f7f7f);
  return ((pixel | 0x80808080) - (mean & 0x7f7f7f7f)) ^ ((pixel ^ ~mean) & 0x80808080);
}

/** About how often each symbol will come. */
function countSymbols(pixels: Int32Array, width: number, channels: 3 | 4): Uint32Array {
  const counts = new Uint32Array(symbols).fill(1);
  const [red, green, blue, opacity] = Array.from({ length: 4 }, () => new Uint32Array(256));
  const mask = channels === 4 ? -1 : 0xffffff;
  for (let row = 0; row < pixels.length; row += width * lookedAt) {
    let wasNone = false;
    for (let at = row, left = 0; at < row + width; at++) {
      const pixel = pixels[at]!;
      const value = difference(pixel, left, row > 0 ? pixels[at - width]! : 0);
      left = pixel;
      const isNone = (value & mask) === 0;
      if (isNone && wasNone) continue; // it will be a part of a match
      wasNone = isNone;
      red![value & 255]!++;
      green![value >> 8 & 255]!++;
      blue![value >> 16 & 255]!++;
      opacity![value >>> 24]!++;
    }
  }
  const parts = channels === 4 ? [red!, green!, blue!, opacity!] : [red!, green!, blue!];
  for (const part of parts) part.forEach((count, value) => counts[value]! += count);
  return counts;
}

/** Bits one after the other, the first lowest. */
class Bits {
  readonly bytes: number[] = [];
  value = 0;
  length = 0;

  write(value: number, length: number): void {
    this.value |= value << this.length;
    for (this.length += length; this.length >= 8; this.length -= 8) {
      this.bytes.push(this.value & 255);
      this.value >>>= 8;
    }
  }
}

/** The order in which a block tells how long the codes of lengths are. */
const orderOfLengths = 19;
const repeats = 3;

/** The beginning of zlib's format, and of the only block: what the codes are. */
function writeHead(lengths: Uint8Array): Bits {
  const bits = new Bits();
  bits.bytes.push(0x78, 0x01);
  bits.write(1, 1); // the last block
  bits.write(2, 2); // with codes of its own
  bits.write(symbols - 257, 5);
  bits.write(0, 5); // one code of a distance
  bits.write(orderOfLengths - 4, 4);
  // Lengths of 0 to 15 stand as four bits each, without the three symbols that would repeat some.
  for (let at = 0; at < orderOfLengths; at++) bits.write(at < repeats ? 0 : 4, 3);
  const fourBits = codesOf(new Uint8Array(16).fill(4));
  for (const length of lengths) bits.write(fourBits[length]! & 15, 4);
  bits.write(fourBits[1]! & 15, 4); // the distance: one bit
  return bits;
}

/** How a picture is written: the codes of one block of Deflate, which knows of no other repetition than of one byte. */
export interface PngBlock {
  /** What comes before the rows: whole bytes, */
  readonly head: Uint8Array;
  /** and bits. */
  readonly rest: { readonly value: number; readonly length: number };
  /** Of each literal its bits, and their number from bit 16 on. */
  readonly literals: Uint32Array;
  /** Of each length of a repetition its bits, and their number from bit 24 on. */
  readonly matches: Uint32Array;
  /** The code of the end. */
  readonly end: number;
  /** How many bytes the rows will have, about. */
  readonly expectedBytes: number;
}

/**
 * Choose codes for a picture by a part of its rows.
 *
 * @param pixels A number a pixel.
 * @param width Of a row.
 * @param channels 3, or 4 with opacity.
 */
export function planBlock(pixels: Int32Array, width: number, channels: 3 | 4): PngBlock {
  const counts = countSymbols(pixels, width, channels);
  const lengths = codeLengths(counts);
  const codes = codesOf(lengths);
  const matches = new Uint32Array(longestMatch + 1);
  for (let length = shortestMatch; length <= longestMatch; length++) {
    const { symbol, extra, count } = lengthSymbol(length);
    const code = codes[symbol]!;
    const bits = code >> lengthShift;
    // behind them stands the distance, whose only code is a zero
    matches[length] = code & 0xffff | extra << bits | bits + count + 1 << 24;
  }
  const { bytes, value, length } = writeHead(lengths);
  const expectedBits = counts.reduce((sum, count, symbol) => sum + count * lengths[symbol]!, 0) * lookedAt;
  return {
    head: Uint8Array.from(bytes),
    rest: { value, length },
    literals: codes.slice(0, endOfBlock),
    matches,
    end: codes[endOfBlock]!,
    expectedBytes: Math.ceil(expectedBits / 8),
  };
}
