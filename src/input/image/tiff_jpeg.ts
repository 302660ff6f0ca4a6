import { jpegSegments, scansAllowed, surveyJpeg } from "./jpeg_segments.ts";
import { hasText } from "./bytes.ts";
import { type TiffDirectory, tiffTags } from "./tiff_directory.ts";
import type { Unpack } from "./tiff_unpack.ts";
import { decodeByTurbo } from "./turbo.ts";

/** The field Compression, where each tile is a JPEG. */
const jpeg = 7;

/** What the values of a JPEG in colour stand for: brightness and two hues, of which its decoder makes red, green and blue. */
export const brightnessAndHues = 6;

/** The segment that says otherwise. */
const adobe = 0xee;

/** How tiles are unpacked that are JPEGs. */
export interface JpegTiles {
  readonly unpack: Unpack;
  /** Whether a tile is one whose colours the decoder takes for what they are. */
  isUsual(packed: Uint8Array): boolean;
}

/** A tile with the tables that all tiles share. */
function withTables(tables: Uint8Array, packed: Uint8Array): Uint8Array {
  if (tables.length < 4) return packed;
  const file = new Uint8Array(tables.length - 2 + packed.length - 2); // without the end of one and the beginning of the other
  file.set(tables.subarray(0, -2));
  file.set(packed.subarray(2), tables.length - 2);
  return file;
}

/** A picture of tiles. */
interface TiledPicture {
  readonly height: number;
  readonly width: number;
  /** Values a pixel. */
  readonly stored: number;
  /** What those stand for, as the directory numbers it. */
  readonly meaning: number;
}

/** How many times as long as the file its tiles may be, all together: damaged ones lie over each other. */
const mostOverlap = 4;

/** Whether tiles take more bytes than there are in the file. */
export function areOverlapping(lengths: readonly number[], bytes: Uint8Array): boolean {
  return lengths.reduce((sum, length) => sum + length, 0) > mostOverlap * bytes.length;
}

/**
 * How the tiles of a TIFF are unpacked that are JPEGs, grey or in colour.
 *
 * @param tile Their size.
 * @param picture The whole: each of its tiles may have as many scans as that deserves.
 * @returns `undefined` if they are anything else, or strips, for another decoder.
 */
export function jpegTilesOf(
  directory: TiffDirectory,
  tile: { readonly height: number; readonly width: number; readonly isTile: boolean },
  { stored, meaning, height, width }: TiledPicture,
): JpegTiles | undefined {
  const isPacked = directory.value(tiffTags.compression, 1) === jpeg && tile.isTile;
  const channels = stored === 3 && meaning === brightnessAndHues
    ? 3
    : stored === 1 && meaning < 2
    ? 1
    : undefined;
  if (!isPacked || !channels || directory.value(tiffTags.planarConfiguration, 1) !== 1) return undefined;
  const tables = Uint8Array.from(directory.values(tiffTags.jpegTables));
  const isUsual = (file: Uint8Array) => {
    const { frame, scanCount } = surveyJpeg(file);
    if (!frame || file[frame.start + 9] !== channels || scanCount > scansAllowed({ height, width })) {
      return false;
    }
    const isNamed = channels === 1 || !hasText(file, "R", frame.start + 10);
    return isNamed && ![...jpegSegments(file)].some((segment) => segment.marker === adobe);
  };
  return {
    isUsual: (packed) => isUsual(withTables(tables, packed)),
    async unpack(packed) {
      const file = withTables(tables, packed);
      if (!isUsual(file) || surveyJpeg(file).end === "cut") throw new Error("a tile of another kind");
      const { stored, release } = await decodeByTurbo(file, { ...tile, channels });
      const pixels = new Uint8Array(stored.data);
      release();
      return pixels;
    },
  };
}
