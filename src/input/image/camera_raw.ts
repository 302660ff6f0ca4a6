import { hasText } from "./bytes.ts";
import { readDirectory, tiffDirectories, type TiffDirectory, tiffTags } from "./tiff_directory.ts";

/** What the field PhotometricInterpretation says of a sensor's own values. */
const sensorValues = [32803, 34892]; // behind a colour filter, or linear

/** How many pictures inside one file are looked at. */
const mostPictures = 64;

/** Whether a file is a TIFF, or a camera's file that is built like one. */
function isTiff(bytes: Uint8Array): boolean {
  return hasText(bytes, "II*\0") || hasText(bytes, "MM\0*");
}

/** The directories of all pictures in a TIFF, those inside others too. */
function* allPictures(bytes: Uint8Array): Generator<TiffDirectory> {
  for (const directory of tiffDirectories(bytes)) {
    yield directory;
    for (const at of directory.values(tiffTags.subDirectories).slice(0, mostPictures)) {
      const inner = readDirectory(bytes, at);
      if (inner) yield inner;
    }
  }
}

/** Whether a file is Adobe's form of a camera's raw picture: a TIFF that says the version. */
export function isDng(bytes: Uint8Array): boolean {
  if (!isTiff(bytes)) return false;
  const [first] = tiffDirectories(bytes);
  return first !== undefined && first.values(tiffTags.dngVersion).length > 0;
}

/**
 * Whether a file is a camera's raw picture built like a TIFF, such as CR2, NEF, ARW and PEF: what another decoder would
 * find in it is a thumbnail.
 */
export function isRawTiff(bytes: Uint8Array): boolean {
  if (!isTiff(bytes)) return false;
  if (hasText(bytes, "CR", 8)) return true;
  return allPictures(bytes).take(mostPictures)
    .some((directory) => sensorValues.includes(directory.value(tiffTags.photometric, 0)));
}
