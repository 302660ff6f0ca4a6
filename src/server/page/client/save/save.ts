/// <reference lib="dom" />
import { aboutOf } from "../state/state.ts";
import { fileNameOf } from "./file_name.ts";
import type { SaveKind } from "./kinds.ts";
import type { Seen } from "./seen.ts";

/** A file to hand out. */
export interface SavedFile {
  readonly name: string;
  readonly content: Blob;
}

/**
 * Make the files of what is seen; what is chosen while they are made does not matter.
 *
 * @returns One file, or one for each map where they cannot stand side by side.
 */
export async function makeFiles(seen: Seen, kind: SaveKind): Promise<SavedFile[]> {
  const { photoName, maps } = seen;
  const naming = {
    photoName,
    defaultLayer: aboutOf(seen.state)?.defaultLayer,
    kind: kind.name,
    ending: kind.ending,
  };
  if ("makeOne" in kind) {
    const [{ explanation }, second] = maps;
    const name = fileNameOf({ ...naming, explanation, beside: second?.explanation });
    return [{ name, content: await kind.makeOne(seen) }];
  }
  return await Promise.all(maps.map(async (map) => ({
    name: fileNameOf({ ...naming, explanation: map.explanation }),
    content: await kind.makeEach(map, seen),
  })));
}

/** Hand a file out, as a download. */
export function handOut({ name, content }: SavedFile): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
