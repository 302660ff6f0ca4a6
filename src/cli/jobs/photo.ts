import type { Explanation } from "../../explain/explanation.ts";
import type { GradcamOptions } from "../../explain/gradcam_options.ts";
import type { ImageInput } from "../../input/image_input.ts";
import { isHopeless } from "../../jobs/hopeless.ts";
import type { ExplainableModel } from "../../split/model.ts";
import type { SavedFile } from "../report.ts";
import { type SavePlan, saveResults } from "../save.ts";

/** What became of a photo. */
export type PhotoResult =
  | { readonly explanation: Explanation; readonly saved: readonly SavedFile[] }
  | { readonly error: unknown; readonly isHopeless: boolean };

/** A photo, and the stem of its results' names. */
export interface PhotoTask {
  readonly image: ImageInput;
  readonly stem: string;
}

/**
 * Explain a photo and save what was asked for.
 *
 * @throws What stops the whole run: an interruption, or a reader of the results that has gone.
 */
export async function explainPhoto(
  model: ExplainableModel,
  { image, stem }: PhotoTask,
  options: GradcamOptions,
  plan: SavePlan,
): Promise<PhotoResult> {
  const { gradcam } = await import("../../explain/gradcam.ts");
  try {
    const explanation = await gradcam(model, image, options);
    return { explanation, saved: await saveResults(explanation, stem, plan) };
  } catch (error) {
    if (options.signal?.aborted || error instanceof Deno.errors.BrokenPipe) throw error;
    return { error, isHopeless: isHopeless(error) };
  }
}
