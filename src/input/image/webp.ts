import { ImageError } from "../../base/errors.ts";
import { hasText, textAt, viewOf } from "./bytes.ts";
import type { ImageFormat, ImageHeader } from "./format.ts";
import { decodeByLibwebp } from "./libwebp.ts";
import { readOrientation } from "./orientation.ts";
import { collectRows, type PictureRows, readStored } from "./rows.ts";
import { uint24, type WebpChunk, webpChunks } from "./webp_chunks.ts";
import { onCanvas, readWebpFrame } from "./webp_frame.ts";

/** How each kind of chunk says the size, and how far into it further chunks begin. */
const chunks: Readonly<Record<string, { size(view: DataView, at: number): ImageHeader; inner?: number }>> = {
  "VP8 ": {
    size: (view, at) => ({
      width: view.getUint16(at + 14, true) & 0x3fff,
      height: view.getUint16(at + 16, true) & 0x3fff,
    }),
  },
  "VP8L": {
    size(view, at) {
      const bits = view.getUint32(at + 9, true);
      return { width: (bits & 0x3fff) + 1, height: (bits >> 14 & 0x3fff) + 1 };
    },
  },
  "VP8X": { size: (view, at) => ({ width: uint24(view, at + 12) + 1, height: uint24(view, at + 15) + 1 }) },
  "ANMF": {
    size: (view, at) => ({ width: uint24(view, at + 14) + 1, height: uint24(view, at + 17) + 1 }),
    inner: 24,
  },
};

/** The sizes that the chunks say, in their order: the whole, the frames, what is in them. */
function* readSizes(bytes: Uint8Array): Generator<ImageHeader> {
  const view = viewOf(bytes);
  for (let at = 12; at + 20 <= bytes.length;) {
    const chunk = chunks[textAt(bytes, at, 4)];
    if (chunk) yield chunk.size(view, at);
    const length = view.getUint32(at + 4, true);
    at += chunk?.inner ?? 8 + length + length % 2;
  }
}

function readHeader(bytes: Uint8Array): ImageHeader | undefined {
  const [whole, ...parts] = readSizes(bytes);
  if (!whole || !chunks[textAt(bytes, 12, 4)]) return undefined;
  return { ...whole, largest: parts.reduce((most, part) => Math.max(most, part.width * part.height), 0) };
}

/** Chunks that hold a picture. */
const pictures = ["VP8 ", "VP8L", "ANMF"];

/** Where the first chunk begins. */
const firstChunk = 12;

/** The first picture of an animated one, which may be smaller than its canvas. */
async function decodeFrame(
  bytes: Uint8Array,
  chunk: WebpChunk,
  { canvas, orientation }: { readonly canvas: ImageHeader; readonly orientation: number },
): Promise<PictureRows> {
  const { still, ...place } = await readWebpFrame(bytes, chunk);
  const { stored, release } = await decodeByLibwebp(still);
  if (stored.height !== place.height || stored.width !== place.width) {
    throw new Error("another size than the frame says");
  }
  const isWhole = place.height === canvas.height && place.width === canvas.width;
  if (isWhole) return readStored(stored, orientation, release);
  const rows = onCanvas(stored, place, { canvas, release });
  return orientation === 1 ? rows : readStored({ ...await collectRows(rows), channels: 4 }, orientation);
}

async function decode(bytes: Uint8Array, { height, width }: ImageHeader): Promise<PictureRows> {
  let exif: WebpChunk | undefined;
  let picture: WebpChunk | undefined;
  for (const chunk of webpChunks(bytes, firstChunk, bytes.length)) {
    if (chunk.kind === "EXIF") exif ??= chunk;
    if (pictures.includes(chunk.kind)) picture ??= chunk;
  }
  // Decoders take what is missing of a lossy one for zeros.
  if (!picture || picture.end > bytes.length) {
    throw new ImageError("the WebP file is cut short: get it again");
  }
  const orientation = exif ? readOrientation(bytes.subarray(exif.start, exif.end)) : 1;
  if (picture.kind === "ANMF") {
    return await decodeFrame(bytes, picture, { canvas: { height, width }, orientation });
  }
  const { stored, release } = await decodeByLibwebp(bytes);
  if (stored.height !== height || stored.width !== width) {
    throw new Error("another size than the header says");
  }
  return readStored(stored, orientation, release);
}

/** WebP; of an animated one the first picture. */
export const webpFormat: ImageFormat = {
  name: "webp",
  isUnmistakable: true,
  title: "WebP",
  endings: ["webp"],
  matches: (bytes) => hasText(bytes, "RIFF") && hasText(bytes, "WEBP", 8),
  readHeader,
  decode,
};
