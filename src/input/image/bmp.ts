import { bitmapHeaderLength, readBitmap, readBitmapHeader } from "./bitmap_rows.ts";
import { hasText, viewOf } from "./bytes.ts";
import type { ImageFormat } from "./format.ts";
import { decodeNatively } from "./native.ts";
import type { PictureRows } from "./rows.ts";

/** The header of OS/2, which has 16 bits for each side. */
const shortHeader = 12;

/** As it lies in the file; packed ones, those of OS/2 and damaged ones by the platform. */
async function decode(bytes: Uint8Array): Promise<PictureRows> {
  const bitmap = readBitmapHeader(bytes.subarray(0, bitmapHeaderLength));
  const isWhole = bitmap && bitmap.start + bitmap.stride * bitmap.height <= bytes.length;
  return isWhole ? readBitmap(bitmap, (from, to) => bytes.subarray(from, to)) : await decodeNatively(bytes);
}

/** BMP. */
export const bmpFormat: ImageFormat = {
  name: "bmp",
  title: "BMP",
  endings: ["bmp"],
  matches: (bytes) =>
    hasText(bytes, "BM") && bytes.length > 6 && [0, 0, 0, 0].every((zero, at) => bytes[6 + at] === zero),
  readHeader(bytes) {
    if (bytes.length < 26) return undefined;
    const view = viewOf(bytes);
    return view.getUint32(14, true) === shortHeader
      ? { width: view.getUint16(18, true), height: view.getUint16(20, true) }
      : { width: view.getInt32(18, true), height: Math.abs(view.getInt32(22, true)) };
  },
  decode,
};
