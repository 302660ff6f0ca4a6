import { hasText, viewOf } from "./bytes.ts";
import type { ImageFormat } from "./format.ts";
import { decodeNatively } from "./native.ts";

/** GIF; of an animated one the first picture. */
export const gifFormat: ImageFormat = {
  name: "gif",
  title: "GIF",
  matches: (bytes) => hasText(bytes, "GIF87a") || hasText(bytes, "GIF89a"),
  readHeader(bytes) {
    if (bytes.length < 10) return undefined;
    const view = viewOf(bytes);
    return { width: view.getUint16(6, true), height: view.getUint16(8, true) };
  },
  decode: decodeNatively,
};
