import { TruthError } from "../base/errors.ts";
import { quote } from "../base/quote.ts";
import type { TruthEntry } from "./truth_format.ts";
import { stemOf } from "./truth_source.ts";

/** The parts of a path, the file's name first, in small letters. */
function partsOf(path: string): string[] {
  return path.toLowerCase().split(/[/\\]/).filter((part) => part !== "" && part !== ".").reverse();
}

/** How many folders above the file two paths have in common. */
function commonFolders(a: string, b: string): number {
  const [first, second] = [partsOf(a).slice(1), partsOf(b).slice(1)];
  const end = first.findIndex((part, at) => part !== second[at]);
  return end < 0 ? first.length : end;
}

/**
 * Find a photo's entry by its name: the whole name, else the name without its ending; of several the one with most folders
 * in common.
 *
 * @returns A function of the photo's path or name, which throws a {@linkcode TruthError} where several fit equally.
 */
export function findEntry(entries: readonly TruthEntry[]): (photo: string) => TruthEntry | undefined {
  const byName = Map.groupBy(entries, ({ file }) => partsOf(file)[0] ?? "");
  const byStem = Map.groupBy(entries, ({ file }) => stemOf(partsOf(file)[0] ?? ""));
  return (photo) => {
    const name = partsOf(photo)[0] ?? "";
    const found = byName.get(name) ?? byName.get(stemOf(name)) ?? byStem.get(stemOf(name)) ?? [];
    if (found.length < 2) return found[0];
    const common = found.map(({ file }) => commonFolders(file, photo));
    const most = Math.max(...common);
    const best = found.filter((_, at) => common[at] === most);
    if (best.length === 1) return best[0];
    throw new TruthError(
      `Cannot find the truth of ${quote(photo)}: there is one for ${
        best.slice(0, 3).map(({ file }) => quote(file)).join(" and ")
      }`,
    );
  };
}
