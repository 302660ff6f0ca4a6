import { inside, isRemote, type Location, pathOf } from "./files.ts";

/** Something in a folder. */
export interface FolderEntry {
  readonly name: string;
  readonly isFile: boolean;
  readonly isDirectory: boolean;
}

/** What is directly in a folder; nothing where it is none, is not on this machine, or may not be listed. */
export async function entriesOf(folder: Location): Promise<FolderEntry[]> {
  if (isRemote(folder)) return [];
  try {
    return await Array.fromAsync(Deno.readDir(pathOf(folder)));
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
