import { hasText, viewOf } from "./bytes.ts";
import { type PictureRows, rowsAtOnce } from "./rows.ts";

/** Where the header of a bitmap file says what. */
const field = {
  pixels: 10,
  header: 14,
  width: 18,
  height: 22,
  depth: 28,
  packing: 30,
  colors: 46,
  masks: 54,
};

/** How many bytes the headers and the palette of a bitmap file take at most. */
export const bitmapHeaderLength = 4096;

/** Headers of fewer bytes have another layout. */
const shortestHeader = 40;

/** Headers of at least so many bytes say where opacity is. */
const headerWithOpacity = 56;

/** How pixels may be packed here: not at all, their colours where they usually are, or where masks say. */
const packings = { usual: 0, masked: 3 };

/** How bits lie in a pixel where no masks say it: those of red, green, blue and opacity. */
const usualMasks: Readonly<Record<number, readonly number[]>> = {
  16: [0x7c00, 0x03e0, 0x001f, 0],
  32: [0xff0000, 0x00ff00, 0x0000ff, 0],
};

/** The bits of a pixel that are one of its colours. */
interface Channel {
  readonly shift: number;
  /** Its largest value; 0 if there is none, which is white for opacity. */
  readonly most: number;
}

/** Where a mask's bits lie; `undefined` for one that is not usual. */
function channelOf(mask: number, depth: number): Channel | undefined {
  if (mask === 0) return { shift: 0, most: 0 };
  const shift = 31 - Math.clz32(mask & -mask);
  const most = mask >>> shift;
  const lengths = depth === 16 ? [0x1f, 0x3f] : [0xff];
  return lengths.includes(most) ? { shift, most } : undefined;
}

/** Puts a row's pixels into a picture as 8-bit RGBA. */
type Put = (
  bytes: Uint8Array,
  from: number,
  to: { readonly data: Uint8ClampedArray; readonly at: number },
) => void;

function numbered(palette: Uint8Array, depth: number, width: number): Put {
  const mask = (1 << depth) - 1;
  return (bytes, from, { data, at }) => {
    for (let x = 0, to = at; x < width; x++, to += 4) {
      const bit = x * depth;
      const color = 4 * (bytes[from + (bit >> 3)]! >> 8 - depth - (bit & 7) & mask); // blue, green, red
      data[to] = palette[color + 2]!;
      data[to + 1] = palette[color + 1]!;
      data[to + 2] = palette[color]!;
      data[to + 3] = 255;
    }
  };
}

function threeBytes(width: number): Put {
  return (bytes, from, { data, at }) => {
    for (let to = at, end = at + width * 4; to < end; to += 4, from += 3) {
      data[to] = bytes[from + 2]!;
      data[to + 1] = bytes[from + 1]!;
      data[to + 2] = bytes[from]!;
      data[to + 3] = 255;
    }
  };
}

function masked([red, green, blue, opacity]: readonly Channel[], depth: number, width: number): Put {
  const valueOf = ({ shift, most }: Channel, none: number) => {
    if (most === 0) return () => none;
    const scale = 255 / most;
    return (pixel: number) => (pixel >>> shift & most) * scale; // rounded where it is stored
  };
  const [r, g, b, a] = [valueOf(red!, 0), valueOf(green!, 0), valueOf(blue!, 0), valueOf(opacity!, 255)];
  const step = depth / 8;
  return (bytes, from, { data, at }) => {
    for (let to = at, end = at + width * 4; to < end; to += 4, from += step) {
      const low = bytes[from]! | bytes[from + 1]! << 8;
      const pixel = step === 2 ? low : low | bytes[from + 2]! << 16 | bytes[from + 3]! << 24;
      data[to] = r(pixel);
      data[to + 1] = g(pixel);
      data[to + 2] = b(pixel);
      data[to + 3] = a(pixel);
    }
  };
}

/** How a bitmap file is stored. */
interface Bitmap {
  readonly height: number;
  readonly width: number;
  readonly isUpsideDown: boolean;
  /** Where its pixels begin, in bytes. */
  readonly start: number;
  /** How many bytes a row takes. */
  readonly stride: number;
  readonly put: Put;
}

function putOf(header: Uint8Array, depth: number, width: number): Put | undefined {
  const view = viewOf(header);
  const headerLength = view.getUint32(field.header, true);
  const packing = view.getUint32(field.packing, true);
  if (packing === packings.usual && [1, 4, 8].includes(depth)) {
    const count = view.getUint32(field.colors, true) || 1 << depth;
    const start = field.header + headerLength;
    if (count > 1 << depth || start + 4 * count > header.length) return undefined;
    const palette = new Uint8Array(1024); // black where there are fewer colours
    palette.set(header.subarray(start, start + 4 * count));
    return numbered(palette, depth, width);
  }
  if (packing === packings.usual && depth === 24) return threeBytes(width);
  const isMasked = packing === packings.masked && header.length >= field.masks + 16;
  if (!usualMasks[depth] || !isMasked && packing !== packings.usual) return undefined;
  const masks = isMasked
    ? [0, 1, 2, 3].map((at) => view.getUint32(field.masks + 4 * at, true))
    : usualMasks[depth];
  const used = masks.map((mask, at) => at === 3 && isMasked && headerLength < headerWithOpacity ? 0 : mask);
  const channels = used.map((mask) => channelOf(mask, depth));
  if (used.slice(0, 3).includes(0) || channels.includes(undefined)) return undefined;
  return masked(channels as Channel[], depth, width);
}

/**
 * How a bitmap file is stored, where its pixels are not packed.
 *
 * @param header Its first bytes.
 * @returns `undefined` if it is anything else, for another decoder.
 */
export function readBitmapHeader(header: Uint8Array): Bitmap | undefined {
  const view = viewOf(header);
  if (!hasText(header, "BM") || header.length < field.masks) return undefined;
  if (view.getUint32(field.header, true) < shortestHeader) return undefined;
  const width = view.getInt32(field.width, true);
  const storedHeight = view.getInt32(field.height, true);
  const depth = view.getUint16(field.depth, true);
  const put = putOf(header, depth, width);
  return put && {
    height: Math.abs(storedHeight),
    width,
    isUpsideDown: storedHeight > 0,
    start: view.getUint32(field.pixels, true),
    stride: Math.ceil(width * depth / 32) * 4,
    put,
  };
}

/**
 * The rows of a bitmap file, from the top.
 *
 * @param bitmap How it is stored.
 * @param slice Some of its bytes, from one place on and up to another.
 */
export function readBitmap(
  { height, width, isUpsideDown, start, stride, put }: Bitmap,
  slice: (from: number, to: number) => Uint8Array | Promise<Uint8Array>,
): PictureRows {
  const step = rowsAtOnce({ height, width });
  return {
    height,
    width,
    async *rows() {
      const room = new Uint8ClampedArray(step * width * 4);
      for (let first = 0; first < height; first += step) {
        const count = Math.min(step, height - first);
        const stored = isUpsideDown ? height - first - count : first;
        const bytes = await slice(start + stored * stride, start + (stored + count) * stride);
        const data = room.subarray(0, count * width * 4);
        for (let row = 0; row < count; row++) {
          put(bytes, (isUpsideDown ? count - 1 - row : row) * stride, { data, at: row * width * 4 });
        }
        yield data;
      }
    },
  };
}
