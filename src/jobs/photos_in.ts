import { inside, isRemote, pathOf, toLocation } from "../platform/files.ts";
import { entriesOf } from "../platform/folders.ts";

/** Whether a file's name is that of a photo; not of a picture that the command line tool writes beside photos. */
async function photoNames(): Promise<(name: string) => boolean> {
  const [{ imageFormats }, { renderings }] = await Promise.all([
    import("../input/image/mod.ts"),
    import("../draw/renderings/mod.ts"),
  ]); // only where there is a folder
  const endings = imageFormats.flatMap(({ endings }) => endings).join("|");
  const kinds = ["gradcam", ...renderings.flatMap(({ name, draw }) => draw ? [name] : [])].join("|");
  const photo = new RegExp(`\\.(${endings})$`, "i");
  const result = new RegExp(`\\.(${kinds})(-\\d+)?\\.png$`, "i");
  return (name) => photo.test(name) && !result.test(name);
}

/**
 * The photos directly in a folder, in the order of their names; none where it is no folder or may not be listed.
 *
 * @param folder A path, or a `file:` URL.
 */
export async function photosIn(folder: string | URL): Promise<string[]> {
  const location = toLocation(folder);
  if (isRemote(location)) return [];
  const path = pathOf(location);
  const files = await entriesOf(path);
  if (files.length === 0) return [];
  const isPhoto = await photoNames();
  const names = files.filter(({ name, isFile }) => isFile && isPhoto(name)).map(({ name }) => name);
  return names.sort().map((name) => inside(path, name) as string);
}
