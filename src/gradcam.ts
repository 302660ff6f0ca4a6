import * as tf from "@tensorflow/tfjs";
import { forgetGpuRefusals } from "../backends/gpu_errors.ts";
import { type BackendInfo, type BackendName, ensureBackend } from "../backends/mod.ts";
import { classNames, topScores, wantedClasses } from "./classes.ts";
import { diagnose } from "./diagnosis.ts";
import { type ClassMap, Explanation } from "./explanation.ts";
import { adoptModel, isExplainable, loadModel } from "./formats/mod.ts";
import { mapClasses } from "./class_maps.ts";
import { type Heatmap, normalize } from "./heatmap.ts";
import { type ImageInput, type InputOptions, type ModelInput, prepare } from "./input.ts";
import { findMethod } from "./methods/mod.ts";
import { splitAt } from "./split/default_layer.ts";
import { isSpatial } from "./split/layer_choice.ts";
import { isHeldModel } from "./split/held_models.ts";
import type { ExplainableModel, HeadResult, RegionWeights, ScoreKind, SplitModel } from "./split/mod.ts";
import { type OtherInputs, resolveInputs } from "./other_inputs.ts";
import { type PlainRegion, readRegion, type Region, regionWeights } from "./region.ts";
import { checkIsPicture, findOutput, pictureWarnings } from "./split/outputs.ts";
import type { GraphModel, LayersModel } from "./tensors.ts";
import { version } from "./version.ts";

export type { ImageInput };

/** Options of {@linkcode gradcam}. */
export interface GradcamOptions extends InputOptions {
  /**
   * The layer to take the map at: its path, or the end of it where that is unique.
   * @default {the last layer with a 4-D output that the score depends on}
   */
  readonly layer?: string | undefined;
  /**
   * The class to explain, by index from 0, or several. A model that ends in one sigmoid unit has two: class 0 is the
   * unit's own, as in the reference, class 1 its opposite, 1 − p; of two labels the second names the unit, as Keras
   * numbers them.
   * @default {the class with the highest score}
   */
  readonly classIndex?: number | readonly number[] | undefined;
  /** The class to explain by its name, or several. */
  readonly label?: string | readonly string[] | undefined;
  /**
   * How many of the classes with the highest scores to explain when none is named.
   * @default {1}
   */
  readonly top?: number | undefined;
  /**
   * The score to differentiate: the model's own output, or what stands before its softmax or sigmoid. Where the
   * output is a picture of logits, the scores listed are then the activation of their mean.
   * @default {"output"}
   */
  readonly score?: ScoreKind | undefined;
  /**
   * Whether negative values are cut off before the map is scaled, as in the paper.
   * @default {false}
   */
  readonly relu?: boolean | undefined;
  /**
   * Added to the map's range when it is divided by it.
   * @default {1e-8}
   */
  readonly eps?: number | undefined;
  /**
   * The CAM method.
   * @default {"gradcam"}
   */
  readonly method?: string | undefined;
  /**
   * The model's output that holds the class scores, by index or name.
   * @default {0}
   */
  readonly output?: number | string | undefined;
  /**
   * The values of the model's other inputs by name, where it has several: tensors with the batch first, which stay
   * the caller's, or plain numbers, row by row. All of them are needed.
   */
  readonly inputs?: OtherInputs | undefined;
  /**
   * The part of the photo whose mean score is explained, where the output is a picture of scores, as a
   * segmentation's: a box in the photo's pixels (a tensor's, if the image is one), or a mask laid over it, as
   * numbers or as a picture's path, URL or content. What the model does not see of it does not count.
   * @default {all of it}
   */
  readonly region?: Region | undefined;
  /** The names of the classes, instead of the model's. */
  readonly labels?: readonly string[] | undefined;
  /**
   * The backend to compute on.
   * @default {the one in use, else the best there is}
   */
  readonly backend?: "auto" | BackendName | undefined;
  /** Threads for WebAssembly. */
  readonly threads?: number | undefined;
}

/** How many of the best classes an explanation lists. */
const listedScores = 5;

/** A model to explain: one that was opened here, or one of TensorFlow.js that the caller holds. */
export type Model = ExplainableModel | LayersModel | GraphModel;

/** Adopted models, so that one is looked through once and not at each call. */
const adopted = new WeakMap<object, ExplainableModel>();
let embedded: Promise<ExplainableModel> | undefined;

function asExplainable(model: Model): ExplainableModel {
  if (isExplainable(model)) return model;
  const known = adopted.get(model) ?? adoptModel(model);
  adopted.set(model, known);
  return known;
}

/** The embedded model, opened at the first call; a failed opening is tried again at the next. */
async function embeddedModel(): Promise<ExplainableModel> {
  embedded ??= loadModel();
  try {
    return await embedded;
  } catch (error) {
    embedded = undefined;
    throw error;
  }
}

function isModel(value: unknown): value is Model {
  return isExplainable(value) || isHeldModel(value);
}

/** How many classes the model has, running the tail where its shape does not say. */
function countClasses(model: ExplainableModel, split: SplitModel, head: HeadResult): number {
  const known = model.outputs.length === 1 && !split.binary ? model.outputs[0]!.shape.at(-1) : undefined;
  return known ?? tf.tidy(() => split.tail(head.activation, head.carried).shape[1]);
}

function checkOptions({ eps = 1e-8, top = 1, score = "output" }: GradcamOptions): void {
  if (!(eps >= 0 && Number.isFinite(eps))) throw new RangeError(`Cannot use eps ${eps}: it is 0 or more`);
  if (!Number.isInteger(top) || top < 1) throw new RangeError(`Cannot explain the top ${top}: use 1 or more`);
  if (score !== "output" && score !== "logit") {
    throw new RangeError(`Unknown score "${score}": use one of output, logit`);
  }
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
    const { maps: rawMaps, scores } = await mapClasses(split, head, method, { classes: wanted, top });
    const end = performance.now();
    const maps = rawMaps.map(({ classIndex, raw, gradientVanishes }): ClassMap => {
      const data = relu ? raw.data.map((value) => Math.max(value, 0)) : raw.data;
      const state = {
        raw: raw.data,
        scores,
        classIndex,
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
  const model = isGiven ? asExplainable(first) : await embeddedModel();
  return await explain(model, image, options, backend);
}

/** Options of {@linkcode GradCAM}: the layer, and all of {@linkcode gradcam}'s that are not asked for map by map. */
export interface GradCAMOptions
  extends Omit<GradcamOptions, "layer" | "classIndex" | "label" | "top" | "eps"> {
  /**
   * The layer to take maps at.
   * @default {the last layer with a 4-D output that the score depends on}
   */
  readonly layerName?: string | undefined;
}

/**
 * The reference's interface: a model and a layer once, then heatmaps of classes.
 *
 * @example
 * ```ts
 * import { GradCAM, loadModel } from "@xai/gradcam";
 * import { assertEquals } from "@std/assert";
 *
 * const model = await loadModel();
 * const cam = new GradCAM(model);
 * assertEquals(cam.findOutputLayer(), "head_relu");
 * const { height, width } = await cam.computeHeatmap("testdata/photos/coffee.png", 967);
 * assertEquals([height, width], [7, 7]);
 * model.dispose();
 * ```
 */
export class GradCAM {
  readonly #model: ExplainableModel;
  readonly #layerName: string | undefined;
  readonly #options: GradCAMOptions;

  /**
   * Explain a model at a layer. Nothing is computed yet.
   *
   * @param model A model that `loadModel` opened, or one of TensorFlow.js that the caller holds.
   * @param options The layer to take maps at, if not the last one with a 4-D output; and what goes for every map, such
   * as the output or the way pixels are scaled.
   */
  constructor(model: Model, { layerName, ...options }: GradCAMOptions = {}) {
    this.#model = asExplainable(model);
    this.#layerName = layerName;
    this.#options = options;
  }

  /**
   * The path of the layer that maps are taken at.
   *
   * @throws {LayerNotFoundError} If the model has no 4-D layer, or none of the name given.
   * @throws {RangeError} If it has no such output.
   */
  findOutputLayer(): string {
    return splitAt(this.#model, this.#layerName, { output: this.#options.output ?? 0 }).layer;
  }

  /**
   * The map of one class.
   *
   * @param image As in {@linkcode gradcam}.
   * @param classIndex The class, from 0.
   * @param eps Added to the map's range when it is divided by it.
   * @returns The map, 0 to 1, as large as the layer's output.
   * @throws {RangeError} If the model has no such class.
   */
  async computeHeatmap(image: ImageInput, classIndex: number, eps = 1e-8): Promise<Heatmap> {
    const { heatmap } = await gradcam(this.#model, image, {
      ...this.#options,
      layer: this.#layerName,
      classIndex,
      eps,
    });
    return heatmap;
  }
}
