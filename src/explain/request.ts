import * as tf from "../base/tfjs.ts";
import type { Tensor } from "../base/tensors.ts";
import { quote } from "../base/quote.ts";
import type { MapScale } from "../base/scaling.ts";
import type { ImageInput } from "../input/image_input.ts";
import { type InputPlan, planInput, type SeeingInput } from "../input/plan.ts";
import { noAttention } from "../methods/attention.ts";
import { type CamMethod, findMethods } from "../methods/mod.ts";
import type { MethodSettings } from "../methods/settings.ts";
import { splitFor } from "./default_cut.ts";
import { splitAt } from "../split/default_layer.ts";
import { isSpatial } from "../split/layer_choice.ts";
import type { ExplainableModel, ScoreKind, SplitModel, SplitOptions, TensorInfo } from "../split/model.ts";
import { withFinerLayers } from "../split/suggested_layers.ts";
import { checkIsPicture, findOutput, pictureWarnings } from "../split/outputs.ts";
import { classNames, repeatWarnings, wantedClasses } from "./classes.ts";
import type { AttentionCut } from "./attention.ts";
import type { classifyEmbeddings } from "./classify_embedding.ts";
import { type EmbeddedClasses, isEmbedding } from "./embeddings.ts";
import type { GradcamOptions } from "./gradcam_options.ts";
import { checkEmbeddingLength, embeddingWarnings, settleLike } from "./like.ts";
import { type GivenInputs, resolveInputs } from "./other_inputs.ts";
import type { PlanListener, ProgressListener } from "./progress.ts";
import type { Smoothing } from "./smoothing.ts";
import { type OtherPhoto, planOtherPhotos } from "./other_photos.ts";
import { PendingRegion, readRegion } from "./region.ts";
import {
  checkTarget,
  type Like,
  likeNameOf,
  planTargets,
  scoreKindOf,
  type SettledOptions,
  targetKindOf,
  type TargetPlan,
} from "./target_plan.ts";
import { areTwoClasses, unitWarnings } from "./units.ts";

/** What is asked for, checked against the model: of it nothing can be wrong any more but the photo itself. */
export interface ExplainRequest {
  readonly methods: readonly CamMethod[];
  /** What they are told. */
  readonly settings: MethodSettings;
  /** The model, cut at the layer, or at the first of several. */
  readonly split: SplitModel;
  /** The model, cut at each further layer. */
  readonly moreSplits: readonly SplitModel[];
  /** Cut it at another layer, by its full path. */
  splitAtLayer(path: string): SplitModel;
  /** The paths of a layer and of those before it with finer resolutions, finest last. */
  stages(path: string): readonly string[];
  /** Cut it at its input that takes the picture. */
  splitAtPicture(): SplitModel;
  /** Its attention, where a method asks for it. */
  readonly attention?: AttentionCut | undefined;
  /** Makes the model's input of the image. */
  readonly makeInput: InputPlan;
  /** The photos for other inputs. */
  readonly otherPhotos: readonly OtherPhoto[];
  /** The values of the model's other inputs, by name; whoever runs it adds what was made of the photos. */
  readonly values: Record<string, Tensor>;
  /** The output that is explained. */
  readonly output: TensorInfo;
  /** What is explained, once the scores are known. */
  readonly targets: TargetPlan;
  /** What the photo is compared with. */
  readonly like: Like | undefined;
  /** How many of the highest scores were asked for. */
  readonly top: number;
  readonly labels: readonly string[] | undefined;
  readonly region: PendingRegion | undefined;
  readonly score: ScoreKind;
  /** Whether values below zero are cut off; left to each method where nothing is said. */
  readonly relu: boolean | undefined;
  /** How maps are scaled; left to each method likewise. */
  readonly scale: MapScale | undefined;
  /** How maps are smoothed. */
  readonly smooth: Smoothing | undefined;
  /** Whether they are the mean of those of variants of the photo. */
  readonly augment: boolean;
  /** Whether the negative of each target is explained. */
  readonly counterfactual: boolean;
  readonly eps: number;
  readonly signal: AbortSignal | undefined;
  readonly onProgress: ProgressListener | undefined;
  readonly onPlan: PlanListener | undefined;
  /** How many runs of the model, and ways back, its maps may take. */
  readonly maxPasses: number | undefined;
  /** What the user should know of it. */
  readonly warnings: readonly string[];
  /** Free what was made for it. */
  dispose(): void;
}

/** How many classes an output has, where its shape tells. */
function countClasses({ shape }: TensorInfo, { unit, binary }: SplitModel): number | undefined {
  if (unit) return binary ? 2 : 1;
  return (shape.length <= 4 ? shape.at(-1) : undefined) ?? undefined;
}

/** The first of one or several. */
function firstOf(layer: GradcamOptions["layer"]): string | undefined {
  return [layer].flat()[0];
}

/** Cut the model at each layer, once at each. */
function splitAtEach(
  model: ExplainableModel,
  { layer, methods }: Pick<GradcamOptions, "layer"> & Pick<Found, "methods">,
  cutting: SplitOptions,
): [SplitModel, ...SplitModel[]] {
  const [first, ...others] = [layer].flat();
  const splits: [SplitModel, ...SplitModel[]] = [
    first === undefined ? splitFor(model, methods, cutting) : splitAt(model, first, cutting),
  ];
  for (const other of others) {
    const split = splitAt(model, other, cutting);
    if (splits.every(({ layer }) => layer !== split.layer)) splits.push(split);
  }
  return splits;
}

/** What to know of layers that add nothing to what others show. */
function lostWarnings(splits: readonly SplitModel[]): string[] {
  return splits.filter(({ connected }) => !connected)
    .map(({ layer }) =>
      `The score does not depend on layer ${quote(layer)}, so that it adds nothing to the map`
    );
}

/** What the model has to do with. */
type SettledPart =
  | "split"
  | "moreSplits"
  | "splitAtLayer"
  | "splitAtPicture"
  | "attention"
  | "stages"
  | "output"
  | "targets"
  | "labels"
  | "warnings";

/** Which methods ask for attention, how the model is cut, and how what it gives is read. */
interface AttentionRequest {
  readonly methods: readonly CamMethod[];
  readonly cutting: SplitOptions;
  read(split: SplitModel): SplitModel;
}

/** The model's attention, where a method asks for it. */
function findAttention(
  model: ExplainableModel,
  { methods, cutting, read }: AttentionRequest,
): AttentionCut | undefined {
  const asking = methods.filter(({ at }) => at === "tokens");
  if (asking.length === 0) return undefined;
  const info = model.attention?.(cutting);
  if (info) return { ...info, splitAtBlock: (block) => read(model.splitAtAttention!(block, cutting)) };
  throw new RangeError(`Cannot explain by ${asking.map(({ name }) => name).join(", ")}: ${noAttention}`);
}

/** Classes that embeddings stand for. */
interface Embedded {
  readonly classes: EmbeddedClasses;
  readonly classify: typeof classifyEmbeddings;
}

/** What was found out before the model is cut. */
interface Found {
  readonly methods: readonly CamMethod[];
  readonly given: GivenInputs;
  readonly region: PendingRegion | undefined;
  /** The classes that embeddings stand for, and what makes their scores. */
  readonly embedded: Embedded | undefined;
  /** What the only embedding is called. */
  readonly likeName: string | undefined;
}

/** Cut the model at the layer, and find the classes in its output. */
function settleOn(
  model: ExplainableModel,
  options: SettledOptions,
  { methods, given, region, embedded, likeName }: Found,
): Pick<ExplainRequest, SettledPart> {
  const index = findOutput(model.outputs, options.output ?? 0);
  const output = model.outputs[index]!;
  if (embedded) checkEmbeddingLength(output, embedded.classes);
  const score = scoreKindOf(options);
  const cutting = {
    output: index,
    score: embedded ? "output" : score,
    input: given.image,
    inputs: given.values,
    region: region?.weights,
    row: options.box,
    flat: embedded ? true : targetKindOf(options).flat,
    twoClasses: !embedded && areTwoClasses(model, { given: options.labels, output: index }),
    grid: options.grid,
    tokens: options.tokens,
  } as const;
  const areOfClasses = !embedded && !cutting.flat && typeof options.target !== "function";
  const read = (split: SplitModel) => embedded ? embedded.classify(split, embedded.classes, score) : split;
  const splits = splitAtEach(model, { layer: options.layer, methods }, cutting);
  const [split, moreSplits] = [read(splits[0]), splits.slice(1).map(read)];
  const labels = classNames(options.labels ?? model.labels, split.binary);
  const classCount = embedded?.classes.names.length ?? countClasses(output, split);
  const wanted = wantedClasses(options, classCount, labels);
  const ofOutput = pictureWarnings(output, model.layers, {
    taken: split.layer,
    asked: firstOf(options.layer),
  });
  const warnings = [
    ...[split, ...moreSplits].flatMap(({ warnings }) => warnings),
    ...moreSplits.length > 0 ? lostWarnings([split, ...moreSplits]) : [],
    ...ofOutput,
    ...areOfClasses ? embeddingWarnings(output) : [],
    ...unitWarnings(split, labels),
    ...repeatWarnings(wanted, labels),
  ];
  const splitAtPicture = () => read(model.splitAtPicture(cutting));
  const classes = [...new Set(wanted)];
  return {
    split,
    moreSplits,
    splitAtLayer: (path) => read(model.split(path, cutting)),
    splitAtPicture,
    attention: findAttention(model, { methods, cutting, read }),
    stages: (path) => withFinerLayers(model, path),
    output,
    targets: planTargets(options, { classes, classCount, labels, outputShape: output.shape, likeName }),
    labels,
    warnings,
  };
}

/** What the photo is compared with: a photo that becomes the same input, or an embedding. */
function planLike(
  like: SettledOptions["like"],
  input: TensorInfo,
  { evidence, ...options }: SettledOptions & Pick<SeeingInput, "evidence">,
): Like | undefined {
  if (like === undefined) return undefined;
  if (isEmbedding(like)) return { embedding: Float32Array.from(like) };
  return {
    name: likeNameOf(like),
    makeInput: planInput(like, { input, evidence }, { ...options, keptPhotoSide: 1 }),
  };
}

/** Whether nothing has to be found out: a tensor is taken as it is, and an option has the last word. */
function isTold(image: ImageInput, { photos }: GivenInputs, { preprocess, like }: SettledOptions): boolean {
  const isLikePhoto = like !== undefined && !isEmbedding(like);
  return preprocess !== undefined || (image instanceof tf.Tensor && photos.size === 0 && !isLikePhoto);
}

/**
 * Settle what is asked for: all that can be wrong with it is told before a photo is decoded or a forward pass is spent.
 *
 * @param model The model.
 * @param image The image.
 * @param asked What is asked for, of the right types.
 * @returns The request; the caller disposes it.
 * @throws As `gradcam()` does.
 */
export async function settle(
  model: ExplainableModel,
  image: ImageInput,
  asked: GradcamOptions,
): Promise<ExplainRequest> {
  const { options, classes, likeName } = await settleLike(asked, model);
  const embedded = classes &&
    { classes, classify: (await import("./classify_embedding.ts")).classifyEmbeddings };
  const { settings = {} } = options;
  checkTarget(options);
  const methods = findMethods(options.method ?? "gradcam", settings);
  if (options.region !== undefined) {
    checkIsPicture(model.outputs[findOutput(model.outputs, options.output ?? 0)]!);
  }
  const { grid, tokens } = options;
  // It throws, whatever the inputs are.
  if (!model.layers.some(isSpatial)) model.split(firstOf(options.layer), { grid, tokens });
  const region = options.region === undefined
    ? undefined
    : new PendingRegion(await readRegion(options.region, options));
  const given = resolveInputs(model.inputs, options);
  const dispose = () => tf.dispose([...given.own]);
  try {
    const evidence = isTold(image, given, options) ? [] : await model.pixelEvidence();
    const makeInput = planInput(image, { input: model.inputs[given.image]!, evidence }, options);
    const otherPhotos = planOtherPhotos(given.photos, model.inputs, { ...options, evidence });
    const like = planLike(options.like, model.inputs[given.image]!, { ...options, evidence });
    const { values } = given;
    const { top = 1, eps = 1e-8, counterfactual = false } = options;
    const { relu, scale, smooth, augment = false, signal, onProgress, onPlan, maxPasses } = options;
    const settled = settleOn(model, options, { methods, given, region, embedded, likeName });
    return {
      methods,
      settings,
      makeInput,
      otherPhotos,
      values,
      top,
      region,
      like,
      score: scoreKindOf(options),
      relu,
      scale,
      smooth,
      augment,
      counterfactual,
      eps,
      signal,
      onProgress,
      onPlan,
      maxPasses,
      ...settled,
      dispose,
    };
  } catch (error) {
    dispose();
    throw error;
  }
}
