import * as tf from "@tensorflow/tfjs";
import { forgetGpuRefusals } from "../../backends/gpu_errors.ts";
import { type BackendInfo, ensureBackend } from "../../backends/mod.ts";
import { version } from "../base/version.ts";
import type { ImageInput } from "../input/image_input.ts";
import type { ModelInput } from "../input/plan.ts";
import type { ExplainableModel } from "../split/model.ts";
import { labelWarnings, topScores } from "./classes.ts";
import { mapClasses, type RawMaps } from "./class_maps.ts";
import { Explanation } from "./explanation.ts";
import { finishMap } from "./finish_map.ts";
import type { GradcamOptions } from "./gradcam_options.ts";
import { asExplainable, isModel, type Model, openEmbeddedModel } from "./model.ts";
import { type ExplainRequest, settle } from "./request.ts";
import { Stopwatch } from "./stopwatch.ts";

/** How many of the best classes an explanation lists. */
const listedScores = 5;

/** Make the model's input of the image. */
async function prepare({ makeInput, region }: ExplainRequest, watch: Stopwatch): Promise<ModelInput> {
  const input = await makeInput();
  region?.layOn(input);
  watch.lap("decode", input.decodedAt);
  watch.lap("prepare");
  return input;
}

/** Run the model to the layer and on to the scores, and go back from those of each class. */
async function run(request: ExplainRequest, { x }: ModelInput, watch: Stopwatch): Promise<RawMaps> {
  forgetGpuRefusals();
  const head = request.split.head(x);
  watch.lap("forward");
  try {
    return await mapClasses(request, head);
  } finally {
    tf.dispose([head.activation, ...head.carried]);
    watch.lap("backward");
  }
}

/** Whether the model's input holds nothing but numbers, as a photo's does: else their sum is none either. */
async function isFinite({ x, photo }: ModelInput): Promise<boolean> {
  if (photo) return true;
  const sum = tf.tidy(() => x.sum());
  const [value] = await sum.data();
  sum.dispose();
  return Number.isFinite(value);
}

/** Say what was found, and how it came about. */
async function say(
  request: ExplainRequest,
  input: ModelInput,
  { maps, scores }: RawMaps,
  about: { readonly backend: BackendInfo; readonly watch: Stopwatch },
): Promise<Explanation> {
  const { method, split, output, score, labels, top } = request;
  const context = { scores, isInputFinite: await isFinite(input) };
  return new Explanation({
    maps: maps.map((map) => finishMap(request, map, context)),
    scores: topScores(scores, Math.max(listedScores, top), labels),
    method: method.name,
    layer: split.layer,
    output: output.name,
    scoreKind: score,
    backend: about.backend,
    versions: { gradcam: version, tfjs: tf.version.tfjs, deno: globalThis.Deno?.version?.deno ?? "none" },
    times: about.watch.times,
    warnings: [...request.warnings, ...input.warnings, ...labelWarnings(labels, scores.length)],
    photo: input.photo,
    placement: input.placement,
  });
}

/** From an image to its explanation: the picture in ARCHITECTURE.md, step by step. */
async function explain(
  model: ExplainableModel,
  image: ImageInput,
  options: GradcamOptions,
  backend: BackendInfo,
): Promise<Explanation> {
  const watch = new Stopwatch();
  const request = await settle(model, image, options);
  let input: ModelInput | undefined;
  try {
    input = await prepare(request, watch);
    const maps = await run(request, input, watch);
    return await say(request, input, maps, { backend, watch });
  } finally {
    input?.x.dispose();
    request.dispose();
  }
}

/**
 * Show where in a picture a model looked, for one class or several.
 *
 * @param model A model that {@linkcode loadModel} opened, or one of TensorFlow.js that the caller holds.
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
 * @throws {RangeError} If an option is out of range or unknown, or one of the model's other inputs is missing.
 * @throws {TypeError} If the image or an option is of a wrong type or shape.
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
export function gradcam(model: Model, image: ImageInput, options?: GradcamOptions): Promise<Explanation>;
/**
 * Show where in a picture the embedded ImageNet model looked.
 *
 * @param image As above.
 * @param options As above.
 */
export function gradcam(image: ImageInput, options?: GradcamOptions): Promise<Explanation>;
export async function gradcam(
  first: Model | ImageInput,
  second?: ImageInput | GradcamOptions,
  third?: GradcamOptions,
): Promise<Explanation> {
  const isGiven = isModel(first);
  const image = (isGiven ? second : first) as ImageInput;
  const options = (isGiven ? third : second as GradcamOptions | undefined) ?? {};
  const backend = await ensureBackend({
    ...(options.backend && { backend: options.backend }),
    ...(options.threads !== undefined && { threads: options.threads }),
  });
  const model = isGiven ? asExplainable(first) : await openEmbeddedModel();
  return await explain(model, image, options, backend);
}
