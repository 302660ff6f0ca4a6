import { largestAv1Frame } from "./av1_size.ts";
import { isAvif } from "./avif_brands.ts";
import { avifItems } from "./avif_items.ts";
import { hasText, viewOf } from "./bytes.ts";
import type { ImageFormat, ImageHeader } from "./format.ts";
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

/** What begins the settings of the codec, and the bit in them that says more than 8 bits a channel. */
const settings = { name: "av1C", flags: 6, deep: 0x40 };

/** Whether any picture in the file has more than 8 bits a channel. */
function isDeep(bytes: Uint8Array): boolean {
  for (let at = 4; at + 8 <= Math.min(bytes.length, searched); at++) {
    if (bytes[at] !== 0x61 || !hasText(bytes, settings.name, at)) continue;
    if (bytes[at + settings.flags]! & settings.deep) return true;
  }
  return false;
}

/** AVIF, of which 8 bits a channel are decoded. */
export const avifFormat: ImageFormat = {
  name: "avif",
  title: "AVIF",
  endings: ["avif"],
  matches: isAvif,
  readHeader,
  decode: async (bytes, header) => ({
    ...await decodeByMagick(bytes, "AVIF", header),
    isReduced: isDeep(bytes),
  }),
};
