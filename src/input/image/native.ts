import { hasText, viewOf } from "./bytes.ts";
import { type PictureRows, rowsAtOnce } from "./rows.ts";

/** Where a bitmap file says what. */
const bitmap = { pixels: 10, width: 18, height: 22, depth: 28, paletteOffset: 14, paletteSize: 46 };

/** How many bytes the header and the palette of a bitmap file take at most. */
const headerLength = 4096;

/**
 * The rows of a bitmap file as Deno writes it: 8, 24 or 32 bits a pixel, uncompressed, from the bottom up. The file lies
 * outside of JavaScript's memory, and is brought there a few rows at a time.
 */
async function readBitmap(file: Blob): Promise<PictureRows> {
  const header = await file.slice(0, headerLength).bytes();
  const view = viewOf(header);
  const width = view.getInt32(bitmap.width, true);
  const storedHeight = view.getInt32(bitmap.height, true);
  const height = Math.abs(storedHeight);
  const depth = view.getUint16(bitmap.depth, true);
  const start = view.getUint32(bitmap.pixels, true);
  const step = depth / 8;
  if (!hasText(header, "BM") || ![1, 3, 4].includes(step)) throw new Error(`bitmap of ${depth} bits a pixel`);
  const stride = Math.ceil(width * step / 4) * 4;
  const palette = header.subarray(bitmap.paletteOffset + view.getUint32(bitmap.paletteOffset, true));
  const strip = rowsAtOnce({ height, width });
  const isUpsideDown = storedHeight > 0;
  return {
    height,
    width,
    async *rows() {
      const room = new Uint8ClampedArray(strip * width * 4);
      for (let first = 0; first < height; first += strip) {
        const count = Math.min(strip, height - first);
        const stored = isUpsideDown ? height - first - count : first;
        const bytes = await file.slice(start + stored * stride, start + (stored + count) * stride).bytes();
        const colors = step === 1 ? palette : bytes;
        const data = room.subarray(0, count * width * 4);
        for (let row = 0, to = 0; row < count; row++) {
          let from = (isUpsideDown ? count - 1 - row : row) * stride;
          for (const end = to + width * 4; to < end; to += 4, from += step) {
            const color = step === 1 ? bytes[from]! * 4 : from; // blue, green, red
            data[to] = colors[color + 2]!;
            data[to + 1] = colors[color + 1]!;
            data[to + 2] = colors[color]!;
            data[to + 3] = step === 4 ? bytes[color + 3]! : 255;
          }
        }
        yield data;
      }
    },
  };
}

/** How many bytes of files and bitmaps may be waiting to be freed. */
const mostUnswept = 2 ** 24;
let unswept = 0;

/**
 * Files and bitmaps lie outside of the memory that JavaScript's collector counts, and are freed between two tasks
 * alone: a program that decodes one photo after the other would grow without end.
 */
async function sweep(bytes: number): Promise<void> {
  unswept += bytes;
  if (unswept < mostUnswept) return;
  unswept = 0;
  await new Promise((resolve) => setTimeout(resolve, 0));
}

/**
 * Decode by the platform's own decoder, which needs no permission: PNG, WebP, GIF, BMP and JPEG. It must not be
 * given a file whose size was not looked at before: it takes what memory the header asks for.
 *
 * @param bytes A file of 8 bits a channel.
 */
export async function decodeNatively(bytes: Uint8Array): Promise<PictureRows> {
  // Alpha is left at its default: asked not to multiply it in, Deno divides by it once more.
  const bitmap = await createImageBitmap(new Blob([bytes as Uint8Array<ArrayBuffer>]), {
    colorSpaceConversion: "none", // the numbers of the file, as Python's tools give them
  });
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
  canvas.getContext("bitmaprenderer")!.transferFromImageBitmap(bitmap);
  const blob = await canvas.convertToBlob({ type: "image/bmp" });
  canvas.width = canvas.height = 1; // lets go of the bitmap now
  await sweep(bytes.length + blob.size);
  return await readBitmap(blob);
}
