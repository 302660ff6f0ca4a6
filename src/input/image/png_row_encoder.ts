import { longestMatch, type PngBlock } from "./png_block.ts";
import { remainders } from "./png_checksum.ts";
import { Layout, type PixelCode, restPixelCode, takePixelCode } from "./simd/pixel_code.ts";

/** How many pixels are encoded at a time, about, so that little memory is needed. */
const pixelsAtOnce = 2 ** 15;

/** The most bytes that a value takes; and those of a row and of the end besides. */
const mostBytes = 2;
const besides = 64;

/** Filters the rows of a picture and packs them, some at a time. */
export class RowEncoder {
  readonly #width: number;
  readonly #channels: 3 | 4;
  readonly #block: PngBlock;
  #sum = 1;
  #last:
    | { readonly code: PixelCode; readonly start: number; readonly end: number; readonly tables: number }
    | undefined;

  /**
   * @param width Pixels of a row.
   * @param channels 3, or 4 with opacity.
   * @param block The codes.
   */
  constructor(width: number, channels: 3 | 4, block: PngBlock) {
    this.#width = width;
    this.#channels = channels;
    this.#block = block;
  }

  /** The checksum of zlib's format, when all has been packed. */
  get sum(): number {
    return this.#sum;
  }

  /** Go on with a checksum of PNG's over what was packed last. */
  addToChecksum(sum: number): number {
    const { code, start, end, tables } = this.#last!;
    return code.checksum(sum, start, end, tables);
  }

  /**
   * Pack all rows.
   *
   * @param pixels A number a pixel.
   * @returns Packed bytes, each to be taken before the next are asked for.
   */
  *encode(pixels: Int32Array): Generator<Uint8Array> {
    const { literals, matches, rest, end } = this.#block;
    const [width, channels] = [this.#width, this.#channels];
    const step = Math.max(Math.floor(pixelsAtOnce / width), 1);
    const code = takePixelCode();
    const layout = new Layout(code);
    const literalsAt = layout.take(literals.byteLength);
    const matchesAt = layout.take((longestMatch + 1) * 4);
    const tables = layout.take(remainders.byteLength);
    const room = layout.take(width * 4);
    const above = layout.take((step + 1) * width * 4);
    const out = layout.take(step * (width * channels + besides) * mostBytes);
    const memory = new Uint32Array(code.memory.buffer);
    memory.set(literals, literalsAt / 4);
    memory.set(matches, matchesAt / 4);
    memory.set(remainders, tables / 4);
    memory.fill(0, above / 4, above / 4 + width);
    code.start(rest.value, rest.length);
    for (let first = 0; first < pixels.length; first += step * width) {
      const last = Math.min(first + step * width, pixels.length);
      const from = Math.max(first - width, 0);
      memory.set(pixels.subarray(from, last), (above + (first > 0 ? 0 : width * 4)) / 4);
      const count = (last - first) / width;
      const packed = [width, channels, literalsAt, matchesAt, room, out] as const;
      let to = code.encodeRows(above + width * 4, count, ...packed);
      if (last === pixels.length) to = code.finish(end, to);
      this.#last = { code, start: out, end: to, tables };
      yield new Uint8Array(code.memory.buffer, out, to - out);
    }
    this.#sum = code.secondSum() << 16 | code.firstSum();
    this.#last = undefined;
    restPixelCode(code);
  }
}
