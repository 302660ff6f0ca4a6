import { findRendering } from "../../draw/renderings/mod.ts";
import type { ExplainableModel } from "../../split/model.ts";
import { pathIn } from "../destination.ts";
import { explainPhoto } from "../jobs/photo.ts";
import { noOutput } from "../io.ts";
import type { SavePlan } from "../save.ts";
import { failureOf } from "./failures.ts";
import { tellFields } from "./fields.ts";
import type { ThreadAnswer, ThreadSetup, ThreadTask } from "./messages.ts";
import { findSaved } from "./saved.ts";

/**
 * Explain the photo of a record and save what it asks for.
 *
 * @param signal Drops it.
 */
export async function workOn(
  model: ExplainableModel,
  { photo, request, kinds, stem }: ThreadTask,
  { fields, folder, isResumed }: Pick<ThreadSetup, "fields" | "folder" | "isResumed">,
  signal: AbortSignal,
): Promise<ThreadAnswer> {
  const { mask, drawing, classes, methods } = request;
  const renderings = kinds.map(findRendering);
  if (isResumed && renderings.length > 0) {
    const wanted = { kinds: renderings, format: drawing.format };
    const names = await findSaved(folder, stem, { ...wanted, classes, methods });
    if (names) return { skipped: true, files: names.map((name) => ({ path: pathIn(folder, name) })) };
  }
  const options = { ...request.options, ...(mask !== undefined && { region: mask }), signal };
  const plan: SavePlan = {
    destination: { kind: "folder", path: folder },
    kinds: renderings,
    drawing,
    photos: typeof photo === "string" ? [photo] : [],
    grid: undefined,
    stdout: noOutput,
  };
  const result = await explainPhoto(model, { image: photo, name: stem, stem }, options, plan);
  if ("error" in result) return { error: failureOf(result.error) };
  const { threshold, level } = drawing;
  return { result: tellFields(fields, result.explanation, result.saved, { threshold, level }) };
}
