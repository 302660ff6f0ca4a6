import * as tf from "../base/tfjs.ts";
import { currentBackend } from "../../backends/mod.ts";
import { OutputError } from "../base/errors.ts";
import { cut, quote } from "../base/quote.ts";
import { checkOptionTypes } from "../base/options.ts";
import { version } from "../base/version.ts";
import { isModel } from "../explain/model.ts";
import { readLike } from "../explain/like.ts";
import { readOtherPhotos } from "../explain/other_photos.ts";
import { readRegion } from "../explain/region.ts";
import { fileNameOf } from "../input/image/read.ts";
import type { ImageInput } from "../input/image_input.ts";
import { Feed } from "../jobs/feed.ts";
import { inOrder } from "../jobs/in_order.ts";
import { feedOf, type Photos } from "../jobs/photos.ts";
import { receiveError } from "../jobs/sent_error.ts";
import type { MeasureOptions } from "../metrics/measure_options.ts";
import type { MetricName } from "../metrics/mod.ts";
import type { EvaluatedPhoto } from "./evaluated.ts";
import type { EvaluateAnswer } from "./evaluate_messages.ts";
import { type EvaluateOptions, evaluateRules, type EvaluationPlan } from "./evaluate_options.ts";
import { expectPasses } from "./expect_passes.ts";
import { Journal } from "./journal.ts";
import { settingsOf } from "./journal_settings.ts";
import { type Measurer, startMeasurer } from "./measurers.ts";
import { type OpenedModel, openModels } from "./open_models.ts";
import { Truths } from "./truths.ts";

/** More workers than any machine gains from. */
const mostJobs = 64;

/** The metrics where none is named. */
function usualMetrics({ truth }: EvaluateOptions): MetricName[] {
  return [
    ...truth === undefined ? [] : ["pointinggame", "energypointinggame"] as const,
    "deletion",
    "insertion",
  ];
}

function checkJobs(options: EvaluateOptions): void {
  const { jobs = 1, limit = 1, model, models, target, like } = options;
  if (!Number.isInteger(jobs) || jobs < 1 || jobs > mostJobs) {
    throw new RangeError(`Cannot use ${jobs} jobs: use 1 to ${mostJobs}`);
  }
  if (!Number.isInteger(limit) || limit < 1) {
    throw new RangeError(`Cannot take ${limit} photos: use 1 or more`);
  }
  if (model !== undefined && models !== undefined) {
    throw new TypeError("Cannot take both model and models: give one of them");
  }
  if (models?.length === 0) throw new RangeError("Cannot evaluate no model: name at least one");
  if (jobs > 1 && (isModel(model) || models?.some(isModel))) {
    throw new TypeError(`Cannot share an open model among ${jobs} jobs: give its path, its URL or its bytes`);
  }
  if (jobs > 1 && typeof target === "function") {
    throw new TypeError(`Cannot share a function among ${jobs} jobs: name a target, or use one job`);
  }
  if (jobs > 1 && options.onProgress !== undefined) {
    throw new TypeError(`Cannot call onProgress from ${jobs} jobs: leave it out, or use one job`);
  }
  if (jobs > 1 && like instanceof tf.Tensor) {
    throw new TypeError(`Cannot share a tensor to be like among ${jobs} jobs: give a photo or an embedding`);
  }
}

/** What is asked of each photo; what is the same for all is read once. */
async function measureOptions(options: EvaluateOptions): Promise<MeasureOptions> {
  const {
    model: _,
    models: _m,
    identity: _i,
    weights: _w,
    truth: _t,
    classes: _c,
    journal: _j,
    times: _k,
    limit: _l,
    jobs: _n,
    onBegin: _b,
    metrics = usualMetrics(options),
    ...rest
  } = options;
  const { region, inputs, like } = rest;
  return {
    ...rest,
    metrics,
    ...region !== undefined && { region: await readRegion(region, rest) },
    ...inputs && { inputs: await readOtherPhotos(inputs, rest) },
    ...like !== undefined && { like: await readLike(like, rest) },
  };
}

/** The versions of what numbers depend on. */
function versions(): Record<string, string> {
  const { name } = currentBackend()!;
  return { gradcam: version, "TensorFlow.js": tf.version_core, backend: name };
}

/** A photo, which it is, and what messages and truth files call it. */
interface NumberedPhoto {
  readonly index: number;
  readonly image: ImageInput;
  readonly path: string | undefined;
  readonly name: string;
}

function numbered(image: ImageInput, index: number): NumberedPhoto {
  const path = image instanceof URL ? image.href : typeof image === "string" ? image : fileNameOf(image);
  return { index, image, path, name: cut(fileNameOf(image) ?? `photo ${index + 1}`) };
}

/** The photos, numbered, at most so many. */
async function* number(
  feed: Feed<ImageInput>,
  limit: number,
): AsyncGenerator<NumberedPhoto, void, undefined> {
  for (let index = 0; index < limit; index++) {
    const next = await feed.next();
    if (next.done) return;
    yield numbered(next.value, index);
  }
}

/** What was done before, of the photos that it was done of. */
async function* repeat(
  photos: AsyncGenerator<NumberedPhoto, void, undefined>,
  done: readonly EvaluatedPhoto[],
): AsyncGenerator<EvaluatedPhoto, void, undefined> {
  for (const photo of done) {
    const { done: isOver, value } = await photos.next();
    if (isOver) return;
    if (value.name !== photo.photo) {
      throw new OutputError(
        `Cannot go on with these photos: ${quote(photo.photo)} came before where ${
          quote(value.name)
        } does: name another folder`,
      );
    }
    yield photo;
  }
}

function evaluated(
  { index, name }: NumberedPhoto,
  { truth, unmatched, warnings }: Pick<EvaluatedPhoto, "truth" | "unmatched" | "warnings">,
  answer: EvaluateAnswer,
): EvaluatedPhoto {
  return {
    index,
    photo: name,
    maps: "maps" in answer ? answer.maps : [],
    ...("error" in answer && { error: { name: answer.error.name, message: answer.error.message } }),
    ...truth && { truth },
    ...unmatched && { unmatched },
    warnings,
  };
}

/** Measure what is left, and keep it. */
async function* measureRest(
  photos: AsyncGenerator<NumberedPhoto, void, undefined>,
  { measurer, truths, journal, measured: before }: {
    readonly measurer: Measurer;
    readonly truths: Truths;
    readonly journal: Journal | undefined;
    /** Whether some photo could be measured before. */
    readonly measured: boolean;
  },
): AsyncGenerator<EvaluatedPhoto, void, undefined> {
  let measured = before;
  const results = inOrder(new Feed(photos), measurer.ahead, async (photo) => {
    const known = await truths.of(photo.path, photo.image);
    const answer = await measurer.measure(photo.image, { index: photo.index, truths: known.of });
    return { answer, result: evaluated(photo, known, answer) };
  });
  for await (const { answer, result } of results) {
    if ("error" in answer && answer.isHopeless && !measured) throw receiveError(answer.error);
    measured ||= "maps" in answer;
    await journal?.add(result);
    yield result;
  }
}

async function* run(
  feed: Feed<ImageInput>,
  options: EvaluateOptions,
): AsyncGenerator<EvaluatedPhoto, void, undefined> {
  const asked = await measureOptions(options);
  const { seed = 0, limit = Infinity, journal: path, times = false } = options;
  let models: readonly OpenedModel[] = await openModels(options);
  let journal: Journal | undefined;
  let measurer: Measurer | undefined;
  try {
    const truths = await Truths.open(models, options);
    const plan: EvaluationPlan = {
      models: models.map(({ about }) => about),
      ...truths.plan,
      passes: expectPasses(models.map(({ model }) => model), options.methods ?? ["gradcam"], asked),
      seed,
      versions: versions(),
    };
    if (path !== undefined) journal = await Journal.open(path, settingsOf(plan, asked, options), { times });
    const done = journal?.done ?? [];
    measurer = await startMeasurer(models, asked, options);
    models = []; // which are the measurer's
    options.onBegin?.(plan, { done: done.length, notes: measurer.note === undefined ? [] : [measurer.note] });
    const photos = number(feed, limit);
    yield* repeat(photos, done);
    const measured = done.some(({ maps }) => maps.length > 0);
    yield* measureRest(photos, { measurer, truths, journal, measured });
  } finally {
    measurer?.stop();
    models.forEach(({ dispose }) => dispose());
    journal?.close();
  }
}

/**
 * How good are the maps of many photos? Methods, layers, models and controls by any metrics, photo by photo in the photos'
 * order. One that fails does not end the others. {@linkcode summarise} makes means, intervals and comparisons of the results.
 *
 * Memory does not grow with the number of photos, but for what is known of them and for the results of before.
 *
 * @param photos A folder, or an array, a generator or a stream of what `gradcam` takes; a tensor stays the caller's.
 * @param options Models, methods, layers, controls, metrics; what is known to be on the photos; where results are kept; and
 * all options of `measure`, which go for every photo.
 * @returns For each photo its maps with their numbers, or the error.
 * @throws {ModelError} If a model cannot be opened.
 * @throws {TruthError} If nothing of what is known to be on the photos can be used.
 * @throws {OutputError} If the journal cannot be written, or holds results of other photos or options.
 * @throws {LayerNotFoundError} If a layer does not exist; likewise all that would meet every photo, as long as none has been
 * measured.
 * @throws {RangeError} If an option is out of range.
 * @throws {TypeError} If an option is unknown or of a wrong type, or several jobs are to share what they cannot.
 * @throws The signal's reason, when it is given.
 *
 * @example Which of two methods shows sooner what the score hangs on?
 * ```ts
 * import { evaluate, type EvaluatedPhoto, summarise } from "@xai/gradcam";
 * import { assertEquals } from "@std/assert";
 *
 * const photos: EvaluatedPhoto[] = [];
 * const options = {
 *   methods: ["gradcam", "eigencam"],
 *   controls: ["random"],
 *   metrics: ["insertion"],
 *   metricSettings: { steps: 8 },
 * } as const;
 * for await (const photo of evaluate("testdata/photos/", options)) photos.push(photo);
 * const { rows } = summarise(photos);
 * assertEquals(rows.map(({ method }) => method), ["gradcam", "eigencam", "random"]);
 * assertEquals(rows[0]?.count, 2); // photos
 * ```
 */
export async function* evaluate(
  photos: Photos,
  options: EvaluateOptions = {},
): AsyncGenerator<EvaluatedPhoto, void, undefined> {
  checkOptionTypes("evaluate()", options, evaluateRules);
  checkJobs(options);
  const { signal } = options;
  signal?.throwIfAborted();
  const feed = await feedOf(photos, signal);
  try {
    yield* run(feed, options);
  } catch (error) {
    signal?.throwIfAborted(); // what was interrupted may call it by another name
    throw error;
  } finally {
    await feed.close();
  }
}
