import { isThere } from "../../platform/folders.ts";
import { pathIn } from "../destination.ts";
import { holdsAllMaps, type Kinds, plannedFiles } from "../output_names.ts";

/** What would be saved of a record. */
export interface SavedRequest extends Kinds {
  /** How many classes are explained. */
  readonly classes: number;
  /** By which methods. */
  readonly methods: readonly string[];
}

/**
 * The files of a record, where all are there: no folder is listed for it, which may hold millions. The names of several
 * classes' files are known but afterwards, so that such records are not found.
 *
 * @returns Their names; `undefined` where one is missing or not known.
 */
export async function findSaved(
  folder: string,
  stem: string,
  { classes, methods, ...wanted }: SavedRequest,
): Promise<string[] | undefined> {
  const one = methods.map((method) => ({ classIndex: 0, label: undefined, method }));
  const planned = plannedFiles(stem, wanted, one);
  if (classes > 1 && !planned.every(({ rendering }) => holdsAllMaps(rendering))) return undefined;
  const names = planned.map(({ name }) => name);
  const there = await Promise.all(names.map((name) => isThere(pathIn(folder, name))));
  return there.every(Boolean) ? names : undefined;
}
