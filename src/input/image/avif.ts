import { hasText, viewOf } from "./bytes.ts";
import type { ImageFormat, ImageHeader } from "./format.ts";
import { decodeByMagick } from "./magick.ts";

/** How far into a file its boxes of sizes are looked for, in bytes. */
const searched = 65_536;

/** The largest size of any picture in the file: a grid of tiles has one for the whole. */
function readHeader(bytes: Uint8Array): ImageHeader | undefined {
  const view = viewOf(bytes);
  let found: ImageHeader | undefined;
  for (let at = 4; at + 16 <= Math.min(bytes.length, searched); at++) {
    if (bytes[at] !== 0x69 || !hasText(bytes, "ispe", at)) continue;
    const [width, height] = [view.getUint32(at + 8), view.getUint32(at + 12)];
    if (!found || width * height > found.width * found.height) found = { width, height };
  }
  return found;
}

/** AVIF. */
export const avifFormat: ImageFormat = {
  name: "avif",
  title: "AVIF",
  endings: ["avif"],
  matches: (bytes) => hasText(bytes, "ftypavif", 4) || hasText(bytes, "ftypavis", 4),
  readHeader,
  decode: (bytes) => decodeByMagick(bytes, "AVIF"),
};
