/**
 * A worker of the command line tool: it opens the model on one thread, explains the photos it is told to, and saves
 * what was found.
 *
 * @module
 */
import { GradcamError } from "../../base/errors.ts";
import type { Explanation, ExplanationRecord } from "../../explain/explanation.ts";
import { openModelFolder } from "../../formats/mod.ts";
import type { GradcamOptions } from "../../explain/gradcam_options.ts";
import { followOrders } from "../../jobs/follow_orders.ts";
import { folderOf } from "../../jobs/shared_model.ts";
import { findRendering } from "../../draw/renderings/mod.ts";
import type { ExplainableModel } from "../../split/model.ts";
import { describeError, errorStack } from "../describe_error.ts";
import { noOutput } from "../io.ts";
import type { SavePlan } from "../save.ts";
import type { JobAnswer, JobSetup } from "./messages.ts";
import { explainPhoto } from "./photo.ts";

/** All that photos are explained with. */
interface Prepared {
  readonly model: ExplainableModel;
  readonly options: GradcamOptions;
  readonly plan: SavePlan;
  /** The stem of each photo's results. */
  readonly stems: readonly string[];
}

async function prepare({ model, labels, request, kinds, destination, stems }: JobSetup): Promise<Prepared> {
  const { photos, identity, options: { backend: _, threads: __, ...options }, drawing, grid } = request; // the backend runs
  return {
    model: await openModelFolder(folderOf(model), { labels, preprocess: options.preprocess, identity }),
    options,
    plan: { destination, kinds: kinds.map(findRendering), drawing, photos, grid, stdout: noOutput },
    stems,
  };
}

/** Everything but the photo's pixels, which were drawn already. */
function withoutPixels({ photo, ...explanation }: Explanation): ExplanationRecord {
  return { ...explanation, photo: photo && { ...photo, data: new Uint8ClampedArray() } };
}

/** What became of a photo that failed; an error that is none of ours was put into words, and is one then. */
function refuse(error: unknown, isHopeless: boolean): JobAnswer {
  const name = error instanceof GradcamError ? error.name : "GradcamError";
  return { error: { name, message: describeError(error), stack: errorStack(error) }, isHopeless };
}

async function run(
  photo: number,
  { model, options, plan, stems }: Prepared,
  signal: AbortSignal,
): Promise<JobAnswer> {
  const task = { image: plan.photos[photo]!, name: plan.photos[photo]!, stem: stems[photo]! };
  const result = await explainPhoto(model, task, { ...options, signal }, plan);
  if ("error" in result) return refuse(result.error, result.isHopeless);
  return { record: withoutPixels(result.explanation), saved: result.saved, cells: result.cells };
}

followOrders<JobSetup, Prepared, number, JobAnswer>({ prepare, run, fail: (error) => refuse(error, true) });
