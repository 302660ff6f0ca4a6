import { imageFormats } from "./mod.ts";

/** How a file's name ends, without the dot, in small letters; empty where it has no ending. */
function endingOf(name: string): string {
  const [, ending = ""] = /(?<=.)\.([^.]*)$/.exec(name) ?? [];
  return ending.toLowerCase();
}

/** Whether a file's name is that of a photo, by its ending. */
export function isPhotoName(name: string): boolean {
  const ending = endingOf(name);
  return imageFormats.some(({ endings }) => endings.includes(ending));
}

/**
 * What is in a folder besides photos, in a few words: `2 .heic (a HEIC photo: save it as JPEG), 1 .txt`.
 *
 * @param names Of the files; photos are passed over.
 * @returns An empty text where there is nothing else.
 */
export async function describeOthers(names: readonly string[]): Promise<string> {
  const { whyNoPhoto } = await import("./foreign.ts");
  const counts = new Map<string, number>();
  for (const name of names) {
    if (isPhotoName(name)) continue;
    const ending = endingOf(name);
    counts.set(ending, (counts.get(ending) ?? 0) + 1);
  }
  const parts = [...counts].sort(([, a], [, b]) => b - a).map(([ending, count]) => {
    const reason = whyNoPhoto(ending);
    return `${count} ${ending === "" ? "without an ending" : `.${ending}`}${reason ? ` (${reason})` : ""}`;
  });
  return parts.length > 6 ? `${parts.slice(0, 6).join(", ")} …` : parts.join(", ");
}
