import type { ImageHeader } from "./format.ts";
import { magickAlone } from "./magick_memory.ts";
import { type TiffDirectory, tiffTags } from "./tiff_directory.ts";

/**
 * How many bytes a pixel ImageMagick takes, measured: of few bits; beside the values; for colours of another kind, which it
 * converts; for tiles.
 */
const costs = { fewBits: 6, pixel: 2, converted: 4, tiled: 10 };

/** Where the field PhotometricInterpretation says red, green and blue, or the JPEG's decoder makes these of it. */
const kinds = { rgb: 2, ycbcr: 6 };

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
  const meaning = directory.value(tiffTags.photometric, kinds.rgb);
  const isConverted = meaning > kinds.rgb && meaning !== kinds.ycbcr;
  const each = costs.pixel + stored + (isConverted ? costs.converted : 0) + (isTiled ? costs.tiled : 0);
  return magickAlone + pixels * each + partValues(directory, stored, header) * copies;
}
