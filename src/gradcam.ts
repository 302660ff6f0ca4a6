import * as tf from "@tensorflow/tfjs";
import { forgetGpuRefusals } from "../backends/gpu_errors.ts";
import { type BackendInfo, ensureBackend } from "../backends/mod.ts";
import { classNames, topScores, wantedClasses } from "./classes.ts";
import { diagnose } from "./diagnosis.ts";
import { type ClassMap, Explanation } from "./explanation.ts";
import { mapClasses } from "./class_maps.ts";
import { checkOptions, type GradcamOptions } from "./gradcam_options.ts";
import { normalize } from "./heatmap.ts";
import { type ImageInput, type ModelInput, prepare } from "./input.ts";
import { findMethod } from "./methods/mod.ts";
import { asExplainable, isModel, type Model, openEmbeddedModel } from "./model.ts";
import { splitAt } from "./split/default_layer.ts";
import { isSpatial } from "./split/layer_choice.ts";
import type { ExplainableModel, HeadResult, RegionWeights, SplitModel } from "./split/mod.ts";
import { resolveInputs } from "./other_inputs.ts";
import { type PlainRegion, readRegion, regionWeights } from "./region.ts";
import { checkIsPicture, findOutput, pictureWarnings } from "./split/outputs.ts";
import { version } from "./version.ts";

/** How many of the best classes an explanation lists. */
const listedScores = 5;

/** How many classes the model has, running the tail where its shape does not say. */
function countClasses(model: ExplainableModel, split: SplitModel, head: HeadResult): number {
  const known = model.outputs.length === 1 && !split.binary ? model.outputs[0]!.shape.at(-1) : undefined;
  return known ?? tf.tidy(() => split.tail(head.activation, head.carried).shape[1]);
}

/** Whether a tensor holds nothing but numbers: else their sum is none either. */
async function isFinite(x: tf.Tensor): Promise<boolean> {
  const sum = tf.tidy(() => x.sum());
  const [value] = await sum.data();
  sum.dispose();
  return Number.isFinite(value);
}

async function explain(
  model: ExplainableModel,
  image: ImageInput,
  options: GradcamOptions,
  backend: BackendInfo,
) {
  const { eps = 1e-8, relu = false, top = 1, score = "output" } = options;
  const start = performance.now();
  checkOptions(options);
  const method = findMethod(options.method ?? "gradcam");
  const region = options.region === undefined ? undefined : await readRegion(options.region, options);
  if (region) checkIsPicture(model.outputs, options.output ?? 0);
  if (!model.layers.some(isSpatial)) model.split(options.layer); // throws, whatever the inputs are
  const given = resolveInputs(model.inputs, options);
  let weights: RegionWeights | undefined;
  let x: tf.Tensor4D | undefined;
  let head: HeadResult | undefined;
  try {
    const split = splitAt(model, options.layer, {
      output: options.output ?? 0,
      score,
      input: given.image,
      inputs: given.values,
      region: region && ((height, width) => weights!(height, width)),
    });
    const labels = classNames(options.labels ?? model.labels, split.binary);
    const prepared = await prepare(image, model, { ...options, input: given.image });
    x = prepared.x;
    const { photo, placement, warnings, decodedAt } = prepared;
    weights = region && weightsOn(prepared, region);
    const preparedAt = performance.now();
    forgetGpuRefusals();
    head = split.head(x);
    const forwardAt = performance.now();
    const wanted = wantedClasses(options, countClasses(model, split, head), labels);
    const isInputFinite = photo !== undefined || await isFinite(x); // pixels are numbers
    const { maps: rawMaps, scores } = await mapClasses(split, head, method, { classes: wanted, top });
    const end = performance.now();
    const maps = rawMaps.map(({ classIndex, raw, gradientVanishes }): ClassMap => {
      const data = relu ? raw.data.map((value) => Math.max(value, 0)) : raw.data;
      const state = {
        raw: raw.data,
        scores,
        classIndex,
        isInputFinite,
        gradientVanishes,
        connected: split.connected,
        scoreKind: score,
      };
      return {
        classIndex,
        label: labels?.[classIndex],
        score: scores[classIndex]!,
        heatmap: { ...raw, data: normalize(data, eps) },
        raw,
        ...diagnose({ ...state, finalActivation: split.finalActivation, relu }),
      };
    });
    return new Explanation({
      maps,
      scores: topScores(scores, Math.max(listedScores, top), labels),
      method: method.name,
      layer: split.layer,
      output: model.outputs[findOutput(model.outputs, options.output ?? 0)]!.name,
      scoreKind: score,
      backend,
      versions: { gradcam: version, tfjs: tf.version.tfjs, deno: globalThis.Deno?.version?.deno ?? "none" },
      times: {
        decode: decodedAt - start,
        prepare: preparedAt - decodedAt,
        forward: forwardAt - preparedAt,
        backward: end - forwardAt,
        total: performance.now() - start,
      },
      warnings: [
        ...split.warnings,
        ...pictureWarnings(model, options, split.layer),
        ...warnings,
        ...labelWarnings(labels, scores.length),
      ],
      photo,
      placement,
    });
  } finally {
    tf.dispose([x, head?.activation, head?.carried, given.own].flatMap((tensor) => tensor ?? []));
  }
}

/** How much each pixel of the output counts; of a tensor all is seen. */
function weightsOn({ x, photo, placement }: ModelInput, region: PlainRegion): RegionWeights {
  const [, height, width] = x.shape;
  return regionWeights(region, placement ?? { x: 0, y: 0, height, width }, photo ?? { height, width });
}

function labelWarnings(labels: readonly string[] | undefined, classes: number): string[] {
  if (!labels || labels.length === classes) return [];
  return [`There are ${labels.length} labels for ${classes} classes: names may be wrong`];
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
