import type { ImageHeader } from "./format.ts";
import { magickAlone } from "./magick_memory.ts";
import { type TiffDirectory, tiffTags } from "./tiff_directory.ts";

/** How many bytes a pixel ImageMagick takes, measured, and rounded up: of few bits, and before its values are counted. */
const costs = { fewBits: 5, pixel: 6 };

/** How often the values of a strip or a tile lie in memory at a time while it is unpacked. */
const copies = 3;

/** How many values a strip or a tile has. */
function partValues(directory: TiffDirectory, stored: number, { height, width }: ImageHeader): number {
  const tileWidth = directory.value(tiffTags.tileWidth, 0);
  if (tileWidth > 0) return tileWidth * directory.value(tiffTags.tileHeight, 0) * stored;
  return width * Math.min(directory.value(tiffTags.rowsPerStrip, height), height) * stored;
}

/** How much memory ImageMagick takes for a TIFF, in bytes, about. */
export function memoryForTiff(directory: TiffDirectory, header: ImageHeader): number {
  const pixels = header.height * header.width;
  if (directory.value(tiffTags.bitsPerSample, 1) < 8) return magickAlone + pixels * costs.fewBits;
  const stored = directory.value(tiffTags.samplesPerPixel, 1);
  const isTiled = directory.value(tiffTags.tileWidth, 0) > 0;
  const each = costs.pixel + stored * (isTiled ? 2 : 1);
  return magickAlone + pixels * each + partValues(directory, stored, header) * copies;
}
