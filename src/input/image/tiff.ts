import { hasText, viewOf } from "./bytes.ts";
import type { ImageFormat, ImageHeader } from "./format.ts";
import { decodeByMagick } from "./magick.ts";

/** Names of the numbers that are looked at; of what is stored in tiles only whole tiles are decoded. */
const tag = { width: 256, height: 257, tileWidth: 322, tileHeight: 323 };
const shortType = 3;

function readHeader(bytes: Uint8Array): ImageHeader | undefined {
  const view = viewOf(bytes);
  const littleEndian = hasText(bytes, "II");
  const values = new Map<number, number>();
  try {
    const directory = view.getUint32(4, littleEndian);
    const entries = view.getUint16(directory, littleEndian);
    for (let at = directory + 2; at < directory + 2 + entries * 12; at += 12) {
      const isShort = view.getUint16(at + 2, littleEndian) === shortType;
      const value = isShort ? view.getUint16(at + 8, littleEndian) : view.getUint32(at + 8, littleEndian);
      const name = view.getUint16(at, littleEndian);
      values.set(name, Math.max(value, values.get(name) ?? 0)); // whichever of two a decoder would take
    }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return undefined; // the file ends early
  }
  const [width, height] = [values.get(tag.width), values.get(tag.height)];
  const largest = (values.get(tag.tileWidth) ?? 0) * (values.get(tag.tileHeight) ?? 0);
  return width && height ? { width, height, largest } : undefined;
}

/** TIFF; of several pages the first. */
export const tiffFormat: ImageFormat = {
  name: "tiff",
  title: "TIFF",
  endings: ["tif", "tiff"],
  matches: (bytes) => hasText(bytes, "II*\0") || hasText(bytes, "MM\0*"),
  readHeader,
  decode: (bytes) => decodeByMagick(bytes, "TIFF"),
};
