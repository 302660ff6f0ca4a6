import { toLocation } from "../files.ts";
import { pathIn } from "./destination.ts";

/** Whether a file's name is that of a photo; not of a picture that this tool writes beside photos. */
async function photoNames(): Promise<(name: string) => boolean> {
  const [{ imageFormats }, { renderings }] = await Promise.all([
    import("../image/mod.ts"),
    import("../renderings.ts"),
  ]); // only where there is a folder
  const endings = imageFormats.flatMap(({ endings }) => endings).join("|");
  const kinds = ["gradcam", ...renderings.flatMap(({ name, draw }) => draw ? [name] : [])].join("|");
  const photo = new RegExp(`\\.(${endings})$`, "i");
  const result = new RegExp(`\\.(${kinds})(-\\d+)?\\.png$`, "i");
  return (name) => photo.test(name) && !result.test(name);
}

/** The photos directly in a folder, in the order of their names; none where it is no folder or may not be listed. */
async function photosIn(folder: string): Promise<string[]> {
  if (folder === "-" || toLocation(folder) instanceof URL) return [];
  const files = await Array.fromAsync(Deno.readDir(folder)).catch(() => []);
  if (files.length === 0) return [];
  const isPhoto = await photoNames();
  const names = files.filter(({ name, isFile }) => isFile && isPhoto(name)).map(({ name }) => name);
  return names.sort().map((name) => pathIn(folder, name));
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
