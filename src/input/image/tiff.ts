import { hasText, viewOf } from "./bytes.ts";
import type { ImageFormat, ImageHeader } from "./format.ts";
import { checkDecoding, type PhotoLimits } from "./limits.ts";
import { decodeByMagick } from "./magick.ts";
import type { PictureRows } from "./rows.ts";
import type { Samples } from "./samples.ts";
import { isLittleEndian, tiffDirectories, tiffTags } from "./tiff_directory.ts";

const shortType = 3;

function readHeader(bytes: Uint8Array): ImageHeader | undefined {
  const view = viewOf(bytes);
  const littleEndian = isLittleEndian(bytes);
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
  const [width, height] = [values.get(tiffTags.width), values.get(tiffTags.height)];
  // Of what is stored in tiles only whole tiles are decoded.
  const largest = (values.get(tiffTags.tileWidth) ?? 0) * (values.get(tiffTags.tileHeight) ?? 0);
  return width && height ? { width, height, largest } : undefined;
}

async function decode(
  bytes: Uint8Array,
  header: ImageHeader,
  limits: PhotoLimits,
): Promise<PictureRows | Samples> {
  const [{ isUsual, readDeepTiff }, { readTiffSamples }, { tiffWarnings }, { memoryForTiff }] = await Promise
    .all([
      import("./tiff_deep.ts"),
      import("./tiff_runs.ts"),
      import("./tiff_warnings.ts"),
      import("./tiff_memory.ts"),
    ]);
  const directories = [...tiffDirectories(bytes)];
  const [first] = directories;
  const warnings = tiffWarnings(directories);
  const deep = first && readDeepTiff(first, header);
  if (deep && (deep.kind.full[1] !== 255 || isUsual(bytes, deep))) {
    return { ...readTiffSamples(bytes, deep, isLittleEndian(bytes)), warnings };
  }
  if (first) checkDecoding(memoryForTiff(first, header), header, limits);
  const isReduced = (first?.value(tiffTags.bitsPerSample, 1) ?? 1) > 8;
  return { ...await decodeByMagick(bytes, "TIFF", header), isReduced, warnings };
}

/** TIFF; of several pages the first. */
export const tiffFormat: ImageFormat = {
  name: "tiff",
  title: "TIFF",
  endings: ["tif", "tiff"],
  matches: (bytes) => hasText(bytes, "II*\0") || hasText(bytes, "MM\0*"),
  readHeader,
  decode,
};
