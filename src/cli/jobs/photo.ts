import type { GridCell } from "../../draw/photo_grid.ts";
import { gridRoom } from "../../draw/photo_grid_size.ts";
import type { Explanation } from "../../explain/explanation.ts";
import type { GradcamOptions } from "../../explain/gradcam_options.ts";
import type { ImageInput } from "../../input/image_input.ts";
import { isHopeless } from "../../jobs/hopeless.ts";
import type { ExplainableModel } from "../../split/model.ts";
import type { TrustCard } from "../../report/card/trust_card.ts";
import { type SavedFile, shortName } from "../report.ts";
import { type SavePlan, saveResults } from "../save.ts";

/** What became of a photo. */
export type PhotoResult =
  | {
    readonly explanation: Explanation;
    readonly saved: readonly SavedFile[];
    readonly cells?: readonly GridCell[] | undefined;
    readonly card?: TrustCard | undefined;
  }
  | { readonly error: unknown; readonly isHopeless: boolean };

/** A photo, what it is called, and the stem of its results' names. */
export interface PhotoTask {
  readonly image: ImageInput;
  readonly name: string;
  readonly stem: string;
}

/** Its places in a grid, where there is one. */
async function drawCells(
  explanation: Explanation,
  { name }: PhotoTask,
  { grid, drawing }: SavePlan,
): Promise<GridCell[] | undefined> {
  if (grid === undefined) return undefined;
  const { gridCells } = await import("../../draw/renderings/grid_cells.ts");
  return gridCells(explanation, shortName(name), { ...drawing, room: gridRoom(grid) });
}

/** Its trust card, where it gets one. */
async function tryCard(
  explanation: Explanation,
  made: { readonly model: ExplainableModel; readonly image: ImageInput; readonly options: GradcamOptions },
  { cards }: SavePlan,
): Promise<TrustCard | undefined> {
  if (!cards) return undefined;
  const { makePhotoCard } = await import("../card.ts");
  return await makePhotoCard(explanation, { ...made, about: cards });
}

/**
 * Explain a photo and save what was asked for.
 *
 * @throws What stops the whole run: an interruption, or a reader of the results that has gone.
 */
export async function explainPhoto(
  model: ExplainableModel,
  task: PhotoTask,
  options: GradcamOptions,
  plan: SavePlan,
): Promise<PhotoResult> {
  const { gradcam } = await import("../../explain/gradcam.ts");
  try {
    const explanation = await gradcam(model, task.image, options);
    const card = await tryCard(explanation, { model, image: task.image, options }, plan);
    const cells = await drawCells(explanation, task, plan);
    const saved = await saveResults(explanation, task.stem, plan);
    if (!card) return { explanation, cells, saved };
    const { saveCard } = await import("../card.ts");
    return { explanation, cells, card, saved: [...saved, ...await saveCard(card, task.stem, plan)] };
  } catch (error) {
    if (options.signal?.aborted || error instanceof Deno.errors.BrokenPipe) throw error;
    return { error, isHopeless: isHopeless(error) };
  }
}
