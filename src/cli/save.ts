import { OutputError } from "../base/errors.ts";
import { quote } from "../base/quote.ts";
import type { EncodeOptions, Explanation } from "../explain/explanation.ts";
import type { Rendering } from "../draw/renderings/mod.ts";
import { writeWhole } from "../platform/write.ts";
import type { CardModel } from "./card_model.ts";
import { type Destination, pathIn } from "./destination.ts";
import type { CliOutput } from "./io.ts";
import { plannedFiles } from "./output_names.ts";
import type { SavedFile } from "./report.ts";

/** What to save, and where. */
export interface SavePlan {
  /** Where results go. */
  readonly destination: Destination;
  /** What to save. */
  readonly kinds: readonly Rendering[];
  /** How it is drawn, and how pictures are written. */
  readonly drawing: EncodeOptions;
  /** All photos of this run, none of which may be overwritten. */
  readonly photos: readonly string[];
  /** How many columns the grid of all photos has, where there is one. */
  readonly grid: number | undefined;
  /** What trust cards say of the model, where photos get one. */
  readonly cards?: CardModel | undefined;
  /** Standard output, where results go there. */
  readonly stdout: CliOutput;
}

async function identify(path: string): Promise<string | undefined> {
  try {
    const { dev, ino } = await Deno.stat(path);
    return ino === null ? path : `${dev}:${ino}`;
  } catch {
    return undefined; // not there, or not a path at all
  }
}

/**
 * Make sure that a result does not overwrite a photo, under whatever name it is reached.
 *
 * @throws {OutputError} If it would.
 */
export async function refuseToOverwrite(path: string, photos: readonly string[]): Promise<void> {
  const target = await identify(path);
  if (target === undefined) return;
  for (const photo of photos) {
    if (await identify(photo) === target) {
      throw new OutputError(
        `Cannot write ${quote(path)}: it is one of the photos: choose another place with --out`,
      );
    }
  }
}

function pathFor(destination: Destination, name: string): string {
  if (destination.kind === "stdout") return "-";
  return destination.kind === "file" ? destination.path : pathIn(destination.path, name);
}

/**
 * Save what was asked for of one explanation: all is encoded before anything is written.
 *
 * @param explanation What was found.
 * @param stem The photo's name in the names of files.
 * @returns What was written.
 * @throws {OutputError} If a file cannot be written.
 */
export async function saveResults(
  explanation: Explanation,
  stem: string,
  plan: SavePlan,
): Promise<SavedFile[]> {
  const files: (SavedFile & { bytes: Uint8Array })[] = [];
  const wanted = { kinds: plan.kinds, format: plan.drawing.format };
  for (const { rendering, map, name } of plannedFiles(stem, wanted, explanation.maps)) {
    const path = pathFor(plan.destination, name);
    if (path !== "-") await refuseToOverwrite(path, plan.photos);
    const bytes = await explanation.encode(rendering.name, { ...plan.drawing, map });
    const { maps } = explanation;
    const only = map === undefined && rendering.draw && maps.length === 1 ? maps[0] : undefined;
    const { classIndex = null, method = null } = (map === undefined ? only : maps[map]) ?? {};
    const of = { classIndex, method };
    files.push({ kind: rendering.name, ...of, path, bytes });
  }
  for (const { path, bytes } of files) {
    if (path === "-") await plan.stdout.write(bytes);
    else await writeWhole(path, bytes);
  }
  return files.map(({ bytes: _, ...saved }) => saved);
}
