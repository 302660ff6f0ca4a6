/**
 * What the tests of truth files need. It is not published.
 *
 * @module
 */
import type { FoundTruth, PhotoSize } from "./truth_format.ts";
import { openTruth, type TruthFiles } from "./mod.ts";

/** Do something with a folder of files, by their paths; it is removed afterwards. */
export async function withFiles(
  files: Readonly<Record<string, string | Uint8Array>>,
  use: (folder: string) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    for (const [path, content] of Object.entries(files)) {
      const end = path.lastIndexOf("/");
      if (end > 0) await Deno.mkdir(`${folder}/${path.slice(0, end)}`, { recursive: true });
      await Deno.writeFile(
        `${folder}/${path}`,
        typeof content === "string" ? new TextEncoder().encode(content) : content,
      );
    }
    await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** A photo's size, of which nobody has asked. */
export const unasked = (): Promise<PhotoSize> => Promise.reject(new Error("The photo's size is not needed"));

/** Open a single file of some content. */
export async function opened(name: string, content: string): Promise<TruthFiles> {
  let truth: TruthFiles | undefined;
  await withFiles({ [name]: content }, async (folder) => {
    truth = await openTruth(`${folder}/${name}`);
  });
  return truth!;
}

/** The same, with fractions rounded so that they can be compared. */
export function rounded(truth: FoundTruth | undefined) {
  const round = (value: number) => Math.round(value * 1e4) / 1e4;
  return truth && {
    ...truth,
    objects: truth.objects.map(({ boxes, mask, ...object }) => ({
      ...object,
      boxes: boxes.map(({ x, y, width, height }) => [x, y, width, height].map(round)),
      mask: mask && rowsOf(mask),
    })),
  };
}

/** A mask as a text a row, `#` where it covers. */
export function rowsOf(
  { height, width, data }: { height: number; width: number; data: Uint8Array },
): string[] {
  return Array.from(
    { length: height },
    (_, row) => [...data.subarray(row * width, (row + 1) * width)].map((value) => value ? "#" : ".").join(""),
  );
}
