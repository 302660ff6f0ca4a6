import { countText } from "../base/count_text.ts";
import { describeOthers, isPhotoName } from "../input/image/folder_names.ts";
import { inside, isRemote, pathOf, toLocation } from "../platform/files.ts";
import { entriesOf } from "../platform/folders.ts";

/** What is in a folder. */
export interface FolderContent {
  /** Paths of its photos, in the order of their names, those in folders inside after them. */
  readonly photos: readonly string[];
  /** What was passed over, in a few words; empty if nothing was. */
  readonly others: string;
}

/** Whether a name is that of a picture that the command line tool writes beside photos. */
async function resultNames(): Promise<(name: string) => boolean> {
  const [{ renderings }, { encodings }] = await Promise.all([ // only where there is a folder
    import("../draw/renderings/mod.ts"),
    import("../draw/encodings/mod.ts"),
  ]);
  const kinds = ["gradcam", ...renderings.flatMap(({ name, draw }) => draw ? [name] : [])].join("|");
  const endings = encodings.flatMap((encoding) => encoding.endings.map((ending) => ending.slice(1))).join(
    "|",
  );
  const result = new RegExp(`\\.(${kinds})(-\\d+)?\\.(${endings})$`, "i");
  return (name) => result.test(name);
}

/** Everything in a folder, and in those inside if they are gone through. */
async function gather(path: string, isRecursive: boolean, isResult: (name: string) => boolean) {
  const entries = (await entriesOf(path)).sort((a, b) => a.name < b.name ? -1 : 1);
  const files = entries.filter(({ isFile }) => isFile).map(({ name }) => name);
  const folders = entries.filter(({ isDirectory }) => isDirectory).map(({ name }) => name);
  const found = {
    photos: files.filter((name) => isPhotoName(name) && !isResult(name)).map((name) =>
      inside(path, name) as string
    ),
    others: files.filter((name) => !isPhotoName(name)),
    results: files.filter(isResult).length,
    folders: isRecursive ? 0 : folders.length,
  };
  for (const name of isRecursive ? folders : []) {
    const inner = await gather(inside(path, name) as string, true, isResult);
    found.photos.push(...inner.photos);
    found.others.push(...inner.others);
    found.results += inner.results;
  }
  return found;
}

/**
 * The photos of a folder, and what else is in it.
 *
 * @param folder A path, or a `file:` URL.
 * @param isRecursive Whether folders inside are gone through too.
 * @returns Nothing where it is no folder or may not be listed.
 */
export async function contentOf(folder: string | URL, isRecursive = false): Promise<FolderContent> {
  const location = toLocation(folder);
  if (isRemote(location)) return { photos: [], others: "" };
  const found = await gather(pathOf(location), isRecursive, await resultNames());
  const others = [
    await describeOthers(found.others),
    found.results > 0 ? countText(found.results, "result of before", "results of before") : "",
    found.folders > 0 ? `${countText(found.folders, "folder")} inside (--recursive)` : "",
  ];
  return { photos: found.photos, others: others.filter((part) => part !== "").join(", ") };
}

/** The photos directly in a folder, in the order of their names; none where it is no folder or may not be listed. */
export async function photosIn(folder: string | URL): Promise<readonly string[]> {
  return (await contentOf(folder)).photos;
}
