import { viewOf } from "./bytes.ts";
import type { ImageHeader } from "./format.ts";
import type { StoredPixels } from "./orientation.ts";
import { partOf, type PictureRows, rowsAtOnce } from "./rows.ts";
import { chunkHeader, uint24, type WebpChunk, webpChunks } from "./webp_chunks.ts";

/** Where a frame lies on its canvas, in pixels. */
interface Place {
  readonly left: number;
  readonly top: number;
  readonly height: number;
  readonly width: number;
}

/** How many bytes a frame's place and its time take before what is in it. */
const frameHeader = 16;

/** What a frame is made of: its opacity, and its colours. */
const frameParts = ["ALPH", "VP8 ", "VP8L"];

/** What says that there is opacity in a part of its own. */
const hasOpacity = 0x10;

/** A frame of an animated WebP. */
export interface WebpFrame extends Place {
  /** The same as a WebP that is not animated. */
  readonly still: Uint8Array;
}

/** A part of a WebP. */
function chunk(kind: string, content: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(chunkHeader + content.length + content.length % 2);
  bytes.set(new TextEncoder().encode(kind));
  viewOf(bytes).setUint32(4, content.length, true);
  bytes.set(content, chunkHeader);
  return bytes;
}

/** What comes first in a WebP of several parts: what is in it, and its size. */
function extendedHeader({ height, width }: Place): Uint8Array<ArrayBuffer> {
  const content = new Uint8Array(10);
  content[0] = hasOpacity;
  for (let byte = 0; byte < 3; byte++) {
    content[4 + byte] = width - 1 >> 8 * byte;
    content[7 + byte] = height - 1 >> 8 * byte;
  }
  return chunk("VP8X", content);
}

/** Parts put together to a WebP. */
async function joinChunks(chunks: readonly Uint8Array<ArrayBuffer>[]): Promise<Uint8Array> {
  const content = await new Blob(["WEBP", ...chunks]).bytes();
  return chunk("RIFF", content);
}

/**
 * Take a frame out of an animated WebP.
 *
 * @param bytes The file.
 * @param frame The part that holds it.
 * @throws {RangeError} If what is in it ends behind it.
 */
export async function readWebpFrame(bytes: Uint8Array, { start, end }: WebpChunk): Promise<WebpFrame> {
  const view = viewOf(bytes);
  const [left, top] = [2 * uint24(view, start), 2 * uint24(view, start + 3)];
  const [width, height] = [uint24(view, start + 6) + 1, uint24(view, start + 9) + 1];
  const parts = [...webpChunks(bytes, start + frameHeader, end)].filter(({ kind }) =>
    frameParts.includes(kind)
  );
  if (parts.some((part) => part.end > end)) throw new RangeError("a part that ends behind its frame");
  const chunks = parts.map(({ kind, start, end }) => chunk(kind, bytes.subarray(start, end)));
  const isExtended = parts.some(({ kind }) => kind === "ALPH");
  const header = isExtended ? [extendedHeader({ left, top, height, width })] : [];
  return { left, top, height, width, still: await joinChunks([...header, ...chunks]) };
}

/**
 * A frame on a canvas that is transparent around it.
 *
 * @param stored The frame's pixels, as RGBA.
 * @param place Where it lies on the canvas.
 * @param canvas The canvas.
 * @param release Called when all have been read, or no more are wanted.
 * @throws {Error} If it lies beyond its canvas.
 */
export function onCanvas(
  { data }: StoredPixels,
  { left, top, height: frameHeight, width: frameWidth }: Place,
  { canvas: { height, width }, release }: { readonly canvas: ImageHeader; readonly release: () => void },
): PictureRows {
  if (left + frameWidth > width || top + frameHeight > height) throw new Error("a frame beyond its canvas");
  const step = rowsAtOnce({ height, width });
  return {
    height,
    width,
    *rows(room) {
      const strip = room ?? new Uint8ClampedArray(step * width * 4);
      try {
        for (let first = 0; first < height; first += step) {
          const count = Math.min(step, height - first);
          const rows = partOf(strip, width, { first: room ? first : 0, count }).fill(0);
          const end = Math.min(first + count, top + frameHeight);
          for (let y = Math.max(first, top); y < end; y++) {
            const from = (y - top) * frameWidth * 4;
            rows.set(data.subarray(from, from + frameWidth * 4), ((y - first) * width + left) * 4);
          }
          yield rows;
        }
      } finally {
        release();
      }
    },
  };
}
