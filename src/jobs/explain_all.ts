import * as tf from "../base/tfjs.ts";
import { ensureBackend } from "../../backends/mod.ts";
import { checkOptionTypes, numberRule, type OptionRules } from "../base/options.ts";
import { openFolder } from "../formats/folder.ts";
import {
  identityRule,
  isExplainable,
  loadModel,
  modelRule,
  type ModelSource,
  openModelFolder,
} from "../formats/mod.ts";
import { backendOf, type GradcamOptions, gradcamRules } from "../explain/gradcam_options.ts";
import type { Model } from "../explain/model.ts";
import type { ImageInput } from "../input/image_input.ts";
import { readLike } from "../explain/like.ts";
import { readOtherPhotos } from "../explain/other_photos.ts";
import { readRegion } from "../explain/region.ts";
import { isHeldModel } from "../split/held_models.ts";
import { explainHere } from "./explain_here.ts";
import { type ExplainingPool, explainInWorkers, prepareWorkers, startWorkers } from "./explain_in_workers.ts";
import type { Feed } from "./feed.ts";
import { type Answered, number, type PhotoOutcome } from "./outcome.ts";
import { feedOf, type Photos } from "./photos.ts";
import { photoWorkerLocation } from "./photo_worker_location.ts";
import { RecordingFolder, type SharedModel } from "./shared_model.ts";
import { whyNoWorkers } from "../platform/why_no_workers.ts";

/** Options of {@linkcode explainAll}: those of `gradcam`, and how the photos are gone through. */
export interface ExplainAllOptions extends GradcamOptions {
  /**
   * The model: where it is or what its files hold, which is opened once and freed at the end; or one that is open,
   * which stays so, and which workers cannot share.
   * @default {the embedded EfficientNet-Lite0}
   */
  readonly model?: ModelSource | undefined;
  /** Classes of the model's layers that leave their input as it is, as `loadModel` takes them. */
  readonly identity?: readonly string[] | undefined;
  /**
   * How many photos are explained at once, from 1 to 64, each in a worker of its own on one thread unless `threads`
   * says otherwise. One means none: the photos are explained here, one after the other, on all threads. Workers take
   * about a second to start, and gain where there are cores for them and dozens of photos.
   * @default {1}
   */
  readonly jobs?: number | undefined;
}

/** What each of them can be. */
export const explainAllRules: OptionRules<ExplainAllOptions> = {
  ...gradcamRules,
  model: modelRule,
  identity: identityRule,
  jobs: numberRule("how many photos are explained at once"),
};

/** More workers than any machine gains from. */
const mostJobs = 64;

/** What is told while a photo is explained, to nobody where several are at once. */
const listeners = ["onProgress", "onPlan"] as const;

function checkJobs({ jobs = 1, model, target, like, ...options }: ExplainAllOptions): void {
  if (!Number.isInteger(jobs) || jobs < 1 || jobs > mostJobs) {
    throw new RangeError(`Cannot use ${jobs} jobs: use 1 to ${mostJobs}`);
  }
  if (jobs > 1 && (isExplainable(model) || isHeldModel(model))) {
    throw new TypeError(`Cannot share an open model among ${jobs} jobs: give its path, its URL or its bytes`);
  }
  if (jobs > 1 && typeof target === "function") {
    throw new TypeError(`Cannot share a function among ${jobs} jobs: name a target, or use one job`);
  }
  const listener = listeners.find((name) => options[name] !== undefined);
  if (jobs > 1 && listener !== undefined) {
    throw new TypeError(`Cannot call ${listener} from ${jobs} jobs: leave it out, or use one job`);
  }
  if (jobs > 1 && like instanceof tf.Tensor) {
    throw new TypeError(`Cannot share a tensor to be like among ${jobs} jobs: give a photo or an embedding`);
  }
}

/** A model that is open here, and how to free it. */
interface OpenedModel {
  readonly model: Model | undefined;
  dispose(): void;
}

/** What is asked of each photo, and what opening the model takes. */
type OpeningOptions = GradcamOptions & Pick<ExplainAllOptions, "identity">;

/** The embedded model is opened by `gradcam()`, once and for good. */
async function openHere(source: ModelSource | undefined, options: OpeningOptions): Promise<OpenedModel> {
  if (source === undefined || isExplainable(source) || isHeldModel(source)) {
    return { model: source, dispose: () => {} };
  }
  await useBackend(options);
  const model = await loadModel(source, { signal: options.signal, identity: options.identity });
  return { model, dispose: () => model.dispose() };
}

async function useBackend(options: GradcamOptions): Promise<string> {
  const { name } = await ensureBackend(backendOf(options));
  return name;
}

/** Open a model to see that it can be, and keep what was read of it. */
async function readModel(
  source: ModelSource | undefined,
  { signal, identity }: OpeningOptions,
): Promise<SharedModel> {
  const files = new RecordingFolder(
    await openFolder(source as Parameters<typeof openFolder>[0], { signal }),
  );
  (await openModelFolder(files, { identity })).dispose();
  return files.shared();
}

/** Workers that run and have opened the model, or why there are none. */
async function tryWorkers(
  jobs: number,
  source: ModelSource | undefined,
  options: OpeningOptions,
): Promise<ExplainingPool | string> {
  const reason = whyNoWorkers(photoWorkerLocation);
  if (reason !== undefined) return reason;
  if (await useBackend(options) === "webgpu") return "the GPU serves one at a time";
  const model = readModel(source, options); // while the workers start
  model.catch(() => {}); // told when it is awaited
  let pool: ExplainingPool | undefined;
  let trouble = "workers cannot be started";
  const stop = () => pool?.stop(options.signal?.reason);
  options.signal?.addEventListener("abort", stop);
  try {
    pool = startWorkers(jobs, options);
    await pool.running;
    const files = await model;
    trouble = "workers cannot open the model";
    await prepareWorkers(pool, files, options);
    return pool;
  } catch (error) {
    pool?.stop(error);
    await model; // what is wrong with the model itself is no matter of workers
    options.signal?.throwIfAborted();
    return `${trouble}: ${error instanceof Error ? error.message : error}`;
  } finally {
    options.signal?.removeEventListener("abort", stop);
  }
}

async function* explainByWorkers(
  feed: Feed<ImageInput>,
  pool: ExplainingPool,
  signal: AbortSignal | undefined,
  jobs: number,
): AsyncGenerator<Answered, void, undefined> {
  const stop = () => pool.stop(signal?.reason);
  signal?.addEventListener("abort", stop);
  try {
    for await (const answered of explainInWorkers(feed, pool, jobs)) {
      signal?.throwIfAborted(); // of those that were done already
      yield answered;
    }
  } finally {
    signal?.removeEventListener("abort", stop);
    stop();
  }
}

/** Explain photos in workers where several are wanted and can be had, else here. */
async function* explainEach(
  feed: Feed<ImageInput>,
  { model: source, jobs = 1, ...options }: ExplainAllOptions,
): AsyncGenerator<Answered, void, undefined> {
  const pool = jobs > 1 ? await tryWorkers(jobs, source, options) : undefined;
  if (typeof pool === "object") return yield* explainByWorkers(feed, pool, options.signal, jobs);
  const note = pool === undefined ? undefined : `Photos are explained one at a time: ${pool}`;
  const { model, dispose } = await openHere(source, options);
  const { identity: _, ...ofPhotos } = options;
  try {
    yield* explainHere(feed, { model, options: ofPhotos, note });
  } finally {
    dispose();
  }
}

/**
 * Show where in each of many photos a model looked, in the photos' order. One that fails does not end the others.
 *
 * Memory does not grow with the number of photos: a stream is read no further ahead than two photos, with workers
 * two for each, and not at all while results are not asked for. What is taken from it is read, or explained, while
 * the caller works on the result before. Leaving the loop frees the workers, the model if it was opened here, and
 * what is left of the stream.
 *
 * @param photos A folder, or an array, a generator or a stream of what `gradcam` takes; a tensor stays the caller's.
 * @param options The model, how many photos at once, and all options of `gradcam`, which go for every photo.
 * @returns For each photo its index, the photo, and either its explanation or the error.
 * @throws {ModelError} If the model cannot be opened.
 * @throws {LayerNotFoundError} If the layer does not exist; likewise all that would meet every photo, as long as none
 * has been explained.
 * @throws {RangeError} If an option is out of range.
 * @throws {TypeError} If the photos are no collection, several jobs are to share an open model, a function or a tensor to be
 * like, or an option is unknown or of a wrong type.
 * @throws The signal's reason, when it is given.
 *
 * @example All photos of a folder
 * ```ts
 * import { explainAll } from "@xai/gradcam";
 * import { assertEquals } from "@std/assert";
 *
 * const labels = [];
 * for await (const { photo, explanation, error } of explainAll("testdata/photos/")) {
 *   if (error) console.error(photo, error);
 *   else labels.push(explanation.label);
 * }
 * assertEquals(labels, ["Egyptian cat", "espresso"]);
 * ```
 */
export async function* explainAll(
  photos: Photos,
  options: ExplainAllOptions = {},
): AsyncGenerator<PhotoOutcome, void, undefined> {
  checkOptionTypes("explainAll()", options, explainAllRules);
  const { region, inputs, like, signal } = options;
  checkJobs(options);
  signal?.throwIfAborted();
  const read = { // once for all
    ...region !== undefined && { region: await readRegion(region, options) },
    ...inputs && { inputs: await readOtherPhotos(inputs, options) },
    ...like !== undefined && { like: await readLike(like, options) },
  };
  const feed = await feedOf(photos, signal);
  try {
    yield* number(explainEach(feed, { ...options, ...read }));
  } catch (error) {
    signal?.throwIfAborted(); // what was interrupted may call it by another name
    throw error;
  } finally {
    await feed.close();
  }
}
