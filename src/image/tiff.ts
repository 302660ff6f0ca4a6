import { hasText, viewOf } from "./bytes.ts";
import type { ImageFormat, ImageHeader } from "./format.ts";
import { decodeByMagick } from "./magick.ts";

const widthTag = 256;
const heightTag = 257;
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
      values.set(view.getUint16(at, littleEndian), value);
    }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return undefined; // the file ends early
  }
  const [width, height] = [values.get(widthTag), values.get(heightTag)];
  return width && height ? { width, height } : undefined;
}

/** TIFF; of several pages the first. */
export const tiffFormat: ImageFormat = {
  name: "tiff",
  title: "TIFF",
  matches: (bytes) => hasText(bytes, "II*\0") || hasText(bytes, "MM\0*"),
  readHeader,
  decode: (bytes) => decodeByMagick(bytes, "TIFF"),
};
