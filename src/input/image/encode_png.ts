import { asPixels } from "../../base/pixels.ts";
import { planBlock, type PngBlock } from "./png_block.ts";
import { addToChecksum, noChecksum } from "./png_checksum.ts";
import { RowEncoder } from "./png_row_encoder.ts";
import type { RgbaImage } from "./types.ts";
import { isOpaque } from "./white.ts";

const signature = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);

/** A file in the making, which grows where it is longer than expected. */
class GrowingFile {
  #bytes: Uint8Array<ArrayBuffer>;
  #length = 0;

  /** @param expected How many bytes it will have, about. */
  constructor(expected: number) {
    this.#bytes = new Uint8Array(expected);
  }

  append(part: Uint8Array): void {
    const length = this.#length + part.length;
    if (length > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(Math.ceil(this.#bytes.length * 1.5), length));
      larger.set(this.bytes);
      this.#bytes = larger;
    }
    this.#bytes.set(part, this.#length);
    this.#length = length;
  }

  /** All of it, in a buffer of its length. */
  finish(): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.#bytes.buffer.transfer(this.#length));
  }

  /** What is there so far, without a copy. */
  get bytes(): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(0, this.#length);
  }
}

/** A number of 32 bits, the highest byte first. */
function number(value: number): Uint8Array {
  return Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value);
}

/** A chunk in the making: its length, its kind, its content and their checksum. */
class ChunkWriter {
  readonly #file: GrowingFile;
  readonly #start: number;
  #sum = noChecksum;

  constructor(file: GrowingFile, kind: string) {
    this.#file = file;
    this.#start = file.bytes.length;
    file.append(number(0));
    this.append(new TextEncoder().encode(kind));
  }

  /** Append content, whose checksum may be known to somebody who is faster. */
  append(part: Uint8Array, addTo = (sum: number) => addToChecksum(sum, part)): void {
    this.#file.append(part);
    this.#sum = addTo(this.#sum);
  }

  end(): void {
    const { bytes } = this.#file;
    bytes.set(number(bytes.length - this.#start - 8), this.#start);
    this.#file.append(number(~this.#sum));
  }
}

/** Write a chunk whose content is there. */
function writeChunk(file: GrowingFile, kind: string, parts: readonly Uint8Array[]): void {
  const chunk = new ChunkWriter(file, kind);
  for (const part of parts) chunk.append(part);
  chunk.end();
}

/** How a picture is stored. */
interface Stored {
  readonly pixels: Int32Array;
  readonly width: number;
  readonly channels: 3 | 4;
}

/** Write the chunk of the pixels. */
function writePixels(file: GrowingFile, { pixels, width, channels }: Stored, block: PngBlock): void {
  const chunk = new ChunkWriter(file, "IDAT");
  chunk.append(block.head);
  const encoder = new RowEncoder(width, channels, block);
  for (const part of encoder.encode(pixels)) chunk.append(part, (sum) => encoder.addToChecksum(sum));
  chunk.append(number(encoder.sum));
  chunk.end();
}

/** A picture as a PNG file, without opacity where all of it is known to be opaque. */
export function packPng({ data, height, width }: RgbaImage, channels: 3 | 4): Uint8Array<ArrayBuffer> {
  const stored: Stored = { pixels: asPixels(data), width, channels };
  const block = planBlock(stored.pixels, width, channels);
  const file = new GrowingFile(Math.ceil(block.expectedBytes * 1.1) + 1024);
  file.append(signature);
  const kind = Uint8Array.of(8, channels === 3 ? 2 : 6, 0, 0, 0); // bits a value, the colours' kind, nothing special
  writeChunk(file, "IHDR", [number(width), number(height), kind]);
  writePixels(file, stored, block);
  writeChunk(file, "IEND", []);
  return file.finish();
}

/**
 * A picture as a PNG file: 8 bits a channel, without opacity where all of it is opaque. Of what Deflate can do the least is
 * done, which takes a third of the time that compressing at its fastest would, and makes photos no larger.
 *
 * @param image The picture, 8-bit RGBA.
 * @throws {RangeError} If it has no pixels, or `data` does not hold height × width × 4 values.
 */
export async function encodePng({ data, height, width }: RgbaImage): Promise<Uint8Array> {
  if (height < 1 || width < 1 || data.length !== height * width * 4) {
    throw new RangeError(`Cannot write a PNG of ${width} × ${height} pixels from ${data.length} values`);
  }
  return await packPng({ data, height, width }, isOpaque(data) ? 3 : 4);
}
