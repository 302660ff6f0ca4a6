import { bitmapHeaderLength, readBitmap, readBitmapHeader } from "./bitmap_rows.ts";
import { collectUnused, noteUnused } from "./collector.ts";
import type { PictureRows } from "./rows.ts";

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
  const stored = readBitmapHeader(await blob.slice(0, bitmapHeaderLength).bytes());
  if (!stored) throw new Error("a bitmap of another kind than Deno writes");
  // It lies outside of JavaScript's memory, and is brought there a few rows at a time.
  return readBitmap(stored, async (from, to) => {
    await collectUnused();
    noteUnused(to - from); // soon
    return await blob.slice(from, to).bytes();
  });
}
