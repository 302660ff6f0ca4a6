import { toLocation } from "../files.ts";
import { pathIn } from "./destination.ts";

/** Endings of photos, by which they are told from other files in a folder; their content decides what they are. */
const photoEnding = /\.(jpe?g|png|webp|gif|bmp|tiff?|avif)$/i;

/** Files that this tool writes beside photos. */
const resultEnding = /\.(gradcam|overlay|heatmap|panel)(-\d+)?\.png$/i;

/** The photos directly in a folder, in the order of their names; none where it is no folder or may not be listed. */
async function photosIn(folder: string): Promise<string[]> {
  if (folder === "-" || toLocation(folder) instanceof URL) return [];
  try {
    const names: string[] = [];
    for await (const { name, isFile } of Deno.readDir(folder)) {
      if (isFile && photoEnding.test(name) && !resultEnding.test(name)) names.push(name);
    }
    return names.sort().map((name) => pathIn(folder, name));
  } catch {
    return [];
  }
}

/**
 * Put the photos of folders in the folders' places. A folder without any stays, and is told about in its turn.
 *
 * @param photos Paths, URLs or `-`.
 */
export async function expandFolders(photos: readonly string[]): Promise<string[]> {
  const found = await Promise.all(photos.map(photosIn));
  return photos.flatMap((photo, index) => found[index]!.length > 0 ? found[index]! : [photo]);
}
