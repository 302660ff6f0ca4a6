/**
 * Large photos of one colour, written in no time. It is not published.
 *
 * @module
 */
import { pngChunk, type TiffFields, writeTiff } from "./image/testing.ts";

interface Size {
  readonly height: number;
  readonly width: number;
}

/** Zeros as Deflate packs them. */
async function packedZeros(length: number): Promise<Uint8Array<ArrayBuffer>> {
  const part = new Uint8Array(2 ** 20);
  const zeros = ReadableStream.from((function* () {
    for (let at = 0; at < length; at += part.length) {
      yield part.subarray(0, Math.min(part.length, length - at));
    }
  })());
  return await new Response(zeros.pipeThrough(new CompressionStream("deflate"))).bytes();
}

/** A black PNG of 16 bits a channel, in colour and with opacity. */
export async function writeFlatDeepPng({ height, width }: Size): Promise<Uint8Array> {
  const header = new DataView(new ArrayBuffer(13));
  header.setUint32(0, width);
  header.setUint32(4, height);
  header.setUint8(8, 16);
  header.setUint8(9, 6);
  const packed = await packedZeros(height * (1 + width * 8));
  return await new Blob([
    Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a),
    pngChunk("IHDR", new Uint8Array(header.buffer)),
    pngChunk("IDAT", packed),
    pngChunk("IEND", new Uint8Array()),
  ]).bytes();
}

/** A black TIFF of 8 bits a channel, packed by Deflate in one strip. */
export async function writeFlatTiff({ height, width }: Size): Promise<Uint8Array> {
  const fields: TiffFields = {
    256: [width],
    257: [height],
    258: [8, 8, 8],
    259: [8],
    262: [2],
    277: [3],
    278: [height],
  };
  return writeTiff([fields], await packedZeros(height * width * 3));
}

/** A black bitmap of 24 bits a pixel. */
export function writeFlatBmp({ height, width }: Size): Uint8Array {
  const start = 54;
  const bytes = new Uint8Array(start + height * Math.ceil(width * 3 / 4) * 4);
  const view = new DataView(bytes.buffer);
  bytes.set([0x42, 0x4d]);
  view.setUint32(10, start, true);
  view.setUint32(14, 40, true);
  view.setInt32(18, width, true);
  view.setInt32(22, height, true);
  view.setUint16(26, 1, true);
  view.setUint16(28, 24, true);
  return bytes;
}

/** Bits behind each other, the lowest first. */
class BitWriter {
  readonly bytes: number[] = [];
  #bits = 0;
  #count = 0;

  put(value: number, length: number): void {
    this.#bits |= value << this.#count;
    for (this.#count += length; this.#count >= 8; this.#count -= 8) {
      this.bytes.push(this.#bits & 255);
      this.#bits >>>= 8;
    }
  }

  end(): number[] {
    if (this.#count > 0) this.bytes.push(this.#bits & 255);
    return this.bytes;
  }
}

/** A black GIF: each code stands for one pixel more than the one before, until there are no more codes. */
export function writeFlatGif({ height, width }: Size): Uint8Array {
  const [clear, last] = [256, 257];
  const codes = new BitWriter();
  let left = height * width;
  while (left > 0) {
    codes.put(clear, 9);
    codes.put(0, 9);
    left--;
    let bits = 9;
    for (let code = last + 1, run = 2; code < 4096 && left >= run; code++, run++) {
      codes.put(code, bits);
      left -= run;
      if (code + 1 >= 1 << bits && bits < 12) bits++;
    }
    if (left === 0) codes.put(last, bits);
    if (left > 0 && left < 4000) { // one by one
      for (; left > 0; left--) {
        codes.put(clear, bits);
        bits = 9;
        codes.put(0, bits);
      }
      codes.put(last, 9);
    } else if (left > 0) codes.put(clear, bits);
  }
  const packed = codes.end();
  const parts: number[] = [];
  for (let at = 0; at < packed.length; at += 255) {
    const part = packed.slice(at, at + 255);
    parts.push(part.length, ...part);
  }
  const sides = [width & 255, width >> 8, height & 255, height >> 8];
  const header = [...new TextEncoder().encode("GIF89a"), ...sides, 0xf7, 0, 0];
  return Uint8Array.from([
    ...header,
    ...Array<number>(768).fill(0),
    0x2c,
    0,
    0,
    0,
    0,
    ...sides,
    0,
    8,
    ...parts,
    0,
    0x3b,
  ]);
}

/** A lossless WebP of one colour: each of its five codes has one symbol, which takes no bits. */
export function writeFlatWebp({ height, width }: Size): Uint8Array {
  const bits = new BitWriter();
  bits.put(0x2f, 8);
  bits.put(width - 1, 14);
  bits.put(height - 1, 14);
  bits.put(0, 1 + 3); // no opacity, version 0
  bits.put(0, 1 + 1 + 1); // no transform, no cache of colours, one group of codes
  for (const symbol of [90, 60, 30, 255, 0]) {
    bits.put(1, 1); // simple
    bits.put(0, 1); // one symbol
    bits.put(1, 1); // of 8 bits
    bits.put(symbol, 8);
  }
  const content = bits.end();
  while (content.length % 2 === 1) content.push(0);
  const view = new DataView(new ArrayBuffer(20 + content.length));
  const bytes = new Uint8Array(view.buffer);
  bytes.set(new TextEncoder().encode("RIFF____WEBPVP8L"));
  view.setUint32(4, 12 + content.length, true);
  view.setUint32(16, content.length, true);
  bytes.set(content, 20);
  return bytes;
}
