import { entriesOf } from "../platform/folders.ts";
import { cardNames } from "./card.ts";
import { type Destination, folderOf } from "./destination.ts";
import { holdsAllMaps, type Kinds, plannedFiles } from "./output_names.ts";

/** What is looked for. */
export interface ExistingRequest extends Kinds {
  readonly destination: Destination;
  /** How many classes of each photo are explained. */
  readonly classes: number;
  /** By which methods. */
  readonly methods: readonly string[];
  /** Whether each photo gets a trust card. */
  readonly hasCards?: boolean | undefined;
}

/** Text as part of a regular expression. */
function literally(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

/** The names of files in the place where results go. */
async function namesAt(destination: Destination): Promise<string[]> {
  if (destination.kind === "stdout") return [];
  return (await entriesOf(folderOf(destination) || ".")).map(({ name }) => name);
}

/**
 * Tell of which photos all results are there. Where several classes are explained their names are known but afterwards:
 * then as many files as there are classes must be there.
 *
 * @returns A function of the stem of a photo's results.
 */
export async function findExisting(
  { destination, classes, methods, hasCards = false, ...wanted }: ExistingRequest,
): Promise<(stem: string) => boolean> {
  const names = await namesAt(destination);
  const known = new Set(names);
  if (destination.kind === "file") {
    const name = destination.path.split(/[/\\]/).at(-1)!;
    return () => known.has(name);
  }
  const one = methods.map((method) => ({ classIndex: 0, label: undefined, method }));
  return (stem) =>
    (!hasCards || cardNames(stem).every((name) => known.has(name))) &&
    plannedFiles(stem, wanted, one).every(({ rendering, name }) => {
      if (classes === 1 || holdsAllMaps(rendering)) return known.has(name);
      const ending = literally(name.slice(stem.length));
      const pattern = new RegExp(`^${literally(stem)}\\.\\d+(_.*)?${ending}$`);
      return names.filter((name) => pattern.test(name)).length >= classes;
    });
}
