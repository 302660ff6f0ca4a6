import { largestAv1Frame } from "./av1_size.ts";
import { isAvif } from "./avif_brands.ts";
import { avifItems } from "./avif_items.ts";
import { hasText, viewOf } from "./bytes.ts";
import type { ImageFormat, ImageHeader } from "./format.ts";
import { memoryForAvif, readAvifKind } from "./avif_kind.ts";
import { checkDecoding } from "./limits.ts";
import { decodeByMagick } from "./magick.ts";

/** How far into a file its boxes of sizes are looked for, in bytes. */
const searched = 65_536;

/** The largest frame of all that is in the file, whatever is said of its size. */
function largestFrame(bytes: Uint8Array): number {
  let largest = 0;
  for (const item of avifItems(bytes)) largest = Math.max(largest, largestAv1Frame(item));
  return largest;
}

function readHeader(bytes: Uint8Array): ImageHeader | undefined {
  const size = readSize(bytes);
  try {
    return size && { ...size, largest: largestFrame(bytes) };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error; // the file ends early
    return undefined;
  }
}

/** The largest size of any picture that the file announces: a grid of tiles has one for the whole. */
function readSize(bytes: Uint8Array): ImageHeader | undefined {
  const view = viewOf(bytes);
  let found: ImageHeader | undefined;
  for (let at = 4; at + 16 <= Math.min(bytes.length, searched); at++) {
    if (bytes[at] !== 0x69 || !hasText(bytes, "ispe", at)) continue;
    const [width, height] = [view.getUint32(at + 8), view.getUint32(at + 12)];
    if (!found || width * height > found.width * found.height) found = { width, height };
  }
  return found;
}

/** AVIF, of which 8 bits a channel are decoded. */
export const avifFormat: ImageFormat = {
  name: "avif",
  title: "AVIF",
  endings: ["avif"],
  matches: isAvif,
  readHeader,
  async decode(bytes, header, limits) {
    const kind = readAvifKind(bytes.subarray(0, searched));
    checkDecoding(memoryForAvif(kind, header), header, limits);
    return { ...await decodeByMagick(bytes, "AVIF", header), isReduced: kind.isDeep };
  },
};
