import { inside, isRemote, type Location, pathOf } from "./files.ts";

/** Something in a folder. */
export interface FolderEntry {
  readonly name: string;
  readonly isFile: boolean;
  readonly isDirectory: boolean;
}

/** A link to a file as that file; one to a folder is no folder, since it may lead back to where it lies. */
async function followed(folder: string, entry: Deno.DirEntry): Promise<FolderEntry> {
  if (!entry.isSymlink) return entry;
  const { isFile } = await Deno.stat(inside(folder, entry.name)).catch(() => entry); // it may lead nowhere
  return { name: entry.name, isFile, isDirectory: false };
}

/**
 * What is directly in a folder, links to files as what they lead to; nothing where it is none, is not on this machine, or may not be
 * listed.
 */
export async function entriesOf(folder: Location): Promise<FolderEntry[]> {
  if (isRemote(folder)) return [];
  const path = pathOf(folder);
  try {
    return await Array.fromAsync(Deno.readDir(path), (entry) => followed(path, entry));
  } catch {
    return [];
  }
}

/** The names of the files in a folder and, as `sub/name`, of those in the folders directly inside. */
export async function namesWithin(folder: Location): Promise<string[]> {
  const names = (await entriesOf(folder)).map(async ({ name, isDirectory }) => {
    if (!isDirectory) return [name];
    const inner = await entriesOf(inside(folder, name));
    return inner.filter((entry) => !entry.isDirectory).map((entry) => `${name}/${entry.name}`);
  });
  return (await Promise.all(names)).flat();
}

/** Whether there is a folder or a file; one that may not be looked at counts as there. */
export async function isThere(location: Location): Promise<boolean> {
  try {
    await Deno.stat(location);
    return true;
  } catch (error) {
    return !(error instanceof Deno.errors.NotFound);
  }
}
