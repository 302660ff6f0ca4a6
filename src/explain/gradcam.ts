import * as tf from "../base/tfjs.ts";
import { forgetGpuRefusals } from "../../backends/gpu_errors.ts";
import { type BackendInfo, ensureBackend, withBackend } from "../../backends/mod.ts";
import { Turns } from "../base/turns.ts";
import { version } from "../base/version.ts";
import type { ModelSource } from "../formats/mod.ts";
import { fileNameOf } from "../input/image/read.ts";
import type { ImageInput } from "../input/image_input.ts";
import type { ModelInput } from "../input/plan.ts";
import type { ExplainableModel } from "../split/model.ts";
import { readArguments } from "./arguments.ts";
import { labelWarnings, topScores } from "./classes.ts";
import { Explanation } from "./explanation.ts";
import { isSoleSoftmax, soleSoftmaxWarning } from "./diagnosis.ts";
import { lookAugmented } from "./augment.ts";
import { finishMap } from "./finish_map.ts";
import { look } from "./look.ts";
import type { RawMaps } from "./maps.ts";
import { Progress } from "./progress.ts";
import { backendOf, checkOptions, type GradcamOptions } from "./gradcam_options.ts";
import { type Model, openModel } from "./model.ts";
import { givenTensors } from "./other_inputs.ts";
import { otherWarnings } from "./other_photos.ts";
import { prepare, type Prepared, readLike } from "./prepare.ts";
import type { ExplanationRecord } from "./record.ts";
import { type ExplainRequest, settle } from "./request.ts";
import { Stopwatch } from "./stopwatch.ts";
import { areProbabilities, probabilityOf } from "./units.ts";

/** How many of the best classes an explanation lists. */
const listedScores = 5;

/** What was computed, and where. */
interface Run extends RawMaps {
  /** Whether the model's input holds nothing but numbers. */
  readonly isInputFinite: boolean;
  readonly backend: BackendInfo;
}

/** Whether an input holds nothing but numbers, as a photo's does: else their sum is none either. */
async function isFinite(x: tf.Tensor4D, { photo }: ModelInput): Promise<boolean> {
  if (photo) return true;
  const sum = tf.tidy(() => x.sum());
  const [value] = await sum.data();
  sum.dispose();
  return Number.isFinite(value);
}

/** Run the model to the layer and on to the scores, and go back from those of each class. */
async function run(
  request: ExplainRequest,
  { input, others, like }: Prepared,
  backend: BackendInfo,
  watch: Stopwatch,
): Promise<Run> {
  request.signal?.throwIfAborted();
  const turns = new Turns(request.signal);
  const made: tf.Tensor[] = [];
  forgetGpuRefusals();
  try {
    const x = input.toTensor(); // [1, H, W, C]
    made.push(x);
    for (const [name, other] of others) made.push(request.values[name] = other.toTensor()); // [1, H, W, C] each
    const embedding = await readLike(request, like, turns);
    const see = request.augment ? lookAugmented : look;
    const found = await see(request, x, {
      pixels: input.pixels,
      like: embedding,
      turns,
      progress: new Progress(request.onProgress),
      onHead: () => watch.lap("forward"),
    });
    const isInputFinite = await isFinite(x, input);
    watch.lap("backward");
    return { ...found, isInputFinite, backend };
  } finally {
    tf.dispose(made);
  }
}

/** How long each method took for all targets, in milliseconds. */
function methodTimes(maps: RawMaps["maps"]): Record<string, number> {
  const times: Record<string, number> = {};
  for (const { method, ms } of maps) times[method.name] = (times[method.name] ?? 0) + ms;
  return times;
}

/** Say what was found, and how it came about. */
function say(
  request: ExplainRequest,
  { input, others }: Prepared,
  found: Run,
  { watch, ...names }: { watch: Stopwatch } & Pick<ExplanationRecord, "photoName" | "modelName">,
): Explanation {
  const { split, moreSplits, output, score, labels, top } = request;
  const { maps, scores, backend } = found;
  const { total, ...parts } = watch.times;
  const finished = maps.map((map) => finishMap(request, map, found));
  return new Explanation({
    maps: finished,
    scores: topScores(scores, Math.max(listedScores, top), labels)
      .map((listed) => ({ ...listed, ...probabilityOf(split, listed.score) })),
    ...names,
    method: finished[0]!.method,
    layer: [split, ...moreSplits].map(({ layer }) => layer).join(" + "),
    output: output.name,
    unit: split.unit,
    probabilities: areProbabilities(split, scores),
    scoreKind: score,
    relu: finished[0]!.relu,
    backend,
    versions: { gradcam: version, tfjs: tf.version_core, deno: globalThis.Deno?.version?.deno ?? "none" },
    times: { ...parts, ...methodTimes(maps), total: total! },
    warnings: [
      ...backend.warnings,
      ...request.warnings,
      ...new Set(maps.flatMap(({ warnings }) => warnings)),
      ...input.warnings,
      ...otherWarnings(others, input.warnings),
      ...labelWarnings(labels, scores.length),
      ...(isSoleSoftmax({ finalActivation: split.finalActivation, scores }) ? [soleSoftmaxWarning] : []),
    ],
    pixels: input.pixels,
    photo: input.photo,
    placement: input.placement,
    original: input.original,
  });
}

/** From an image to its explanation: the picture in ARCHITECTURE.md, step by step. */
async function explain(
  model: ExplainableModel,
  image: ImageInput,
  options: GradcamOptions,
): Promise<Explanation> {
  const { signal } = options;
  const watch = new Stopwatch();
  const compute = <Result>(use: (backend: BackendInfo) => Promise<Result>) =>
    withBackend(backendOf(options), use, { tensors: givenTensors(image, options.inputs), signal });
  const request = await compute(() => settle(model, image, options));
  try {
    const prepared = await prepare(request, watch);
    const found = await compute((backend) => run(request, prepared, backend, watch));
    return say(request, prepared, found, { watch, photoName: fileNameOf(image), modelName: model.name });
  } finally {
    request.dispose();
  }
}

/**
 * Show where in a picture a model looked, for one class or several.
 *
 * @param model A model that {@linkcode loadModel} opened, or one of TensorFlow.js that the caller holds; or where one is, as
 * a path, a URL, bytes or files: it is opened for this one picture, so hold one that you explain several with.
 * @param image A photo by path, URL, bytes or pixels, or a tensor `[H, W, C]` or `[1, H, W, C]` that goes into
 * the model as it is.
 * @param options Which layer, which classes, which score, and how the photo becomes the model's input.
 * @returns The maps and how they came about. Several classes cost one run to the layer, and one from it to the
 * scores and back each; or one for all, where only pools and dense layers follow.
 * @throws {LayerNotFoundError} If the layer does not exist or has no 4-D output.
 * @throws {ClassNotFoundError} If no class bears a name.
 * @throws {ImageError} If the photo cannot be read or decoded.
 * @throws {ModelError} If the model was disposed, or is of a kind that cannot be explained.
 * @throws {BackendError} If the backend asked for cannot be had.
 * @throws {RangeError} If an option is out of range, or one of the model's other inputs is missing.
 * @throws {TypeError} If the image or an option is of a wrong type or shape, or there is no such option.
 * @throws The signal's reason, when it is given.
 *
 * @example The class with the highest score
 * ```ts
 * import { gradcam } from "@xai/gradcam";
 * import { assertEquals } from "@std/assert";
 *
 * const explanation = await gradcam("testdata/photos/chelsea.png");
 * assertEquals(explanation.label, "Egyptian cat");
 * assertEquals(explanation.layer, "head_relu");
 * ```
 */
export function gradcam(
  model: Model | ModelSource,
  image: ImageInput,
  options?: GradcamOptions,
): Promise<Explanation>;
/**
 * Show where in a picture the embedded ImageNet model looked.
 *
 * @param image As above.
 * @param options As above.
 */
export function gradcam(image: ImageInput, options?: GradcamOptions): Promise<Explanation>;
export async function gradcam(
  first: unknown,
  second?: unknown,
  third?: unknown,
): Promise<Explanation> {
  const { source, image, options } = readArguments(first, second, third);
  checkOptions(options);
  options.signal?.throwIfAborted();
  await ensureBackend(backendOf(options), options.signal); // what cannot be had is told before anything is opened
  const { model, close } = await openModel(source, options.signal);
  try {
    return await explain(model, image, options);
  } finally {
    close();
  }
}
