import { hasText, viewOf } from "./bytes.ts";
import type { ImageFormat, ImageHeader } from "./format.ts";
import { decodeNatively } from "./native.ts";

/** Where each kind of first chunk says the size. */
const sizes: Readonly<Record<string, (view: DataView) => ImageHeader>> = {
  "VP8 ": (view) => ({ width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff }),
  "VP8L": (view) => {
    const bits = view.getUint32(21, true);
    return { width: (bits & 0x3fff) + 1, height: (bits >> 14 & 0x3fff) + 1 };
  },
  "VP8X": (view) => ({
    width: (view.getUint32(24, true) & 0xffffff) + 1,
    height: (view.getUint32(26, true) >>> 8) + 1,
  }),
};

/** WebP; of an animated one the first picture. */
export const webpFormat: ImageFormat = {
  name: "webp",
  title: "WebP",
  matches: (bytes) => hasText(bytes, "RIFF") && hasText(bytes, "WEBP", 8),
  readHeader(bytes) {
    const kind = Object.keys(sizes).find((name) => hasText(bytes, name, 12));
    return kind && bytes.length >= 30 ? sizes[kind]!(viewOf(bytes)) : undefined;
  },
  decode: decodeNatively,
};
