import * as tf from "../base/tfjs.ts";
import type { Tensor } from "../base/tensors.ts";
import type { ImageInput } from "../input/image_input.ts";
import { type InputPlan, planInput } from "../input/plan.ts";
import { type CamMethod, findMethods } from "../methods/mod.ts";
import type { MethodSettings } from "../methods/settings.ts";
import { splitAt } from "../split/default_layer.ts";
import { isSpatial } from "../split/layer_choice.ts";
import type { ExplainableModel, ScoreKind, SplitModel, TensorInfo } from "../split/model.ts";
import { withFinerLayers } from "../split/suggested_layers.ts";
import { checkIsPicture, findOutput, pictureWarnings } from "../split/outputs.ts";
import { classNames, repeatWarnings, wantedClasses } from "./classes.ts";
import type { GradcamOptions } from "./gradcam_options.ts";
import { type GivenInputs, resolveInputs } from "./other_inputs.ts";
import type { ProgressListener } from "./progress.ts";
import { type OtherPhoto, planOtherPhotos } from "./other_photos.ts";
import { PendingRegion, readRegion } from "./region.ts";
import { areTwoClasses, unitWarnings } from "./units.ts";

/** What is asked for, checked against the model: of it nothing can be wrong any more but the photo itself. */
export interface ExplainRequest {
  readonly methods: readonly CamMethod[];
  /** What they are told. */
  readonly settings: MethodSettings;
  /** The model, cut at the layer. */
  readonly split: SplitModel;
  /** Cut it at another layer, by its full path. */
  splitAtLayer(path: string): SplitModel;
  /** The paths of the layer and of those before it with finer resolutions, finest last. */
  stages(): readonly string[];
  /** Cut it at its input that takes the picture. */
  splitAtPicture(): SplitModel;
  /** Makes the model's input of the image. */
  readonly makeInput: InputPlan;
  /** The photos for other inputs. */
  readonly otherPhotos: readonly OtherPhoto[];
  /** The values of the model's other inputs, by name; whoever runs it adds what was made of the photos. */
  readonly values: Record<string, Tensor>;
  /** The output that is explained. */
  readonly output: TensorInfo;
  /** How many classes it has, where its shape tells. */
  readonly classCount: number | undefined;
  /** The classes asked for, by index; none where the highest scores tell. */
  readonly classes: readonly number[];
  /** How many of the highest scores are explained then. */
  readonly top: number;
  readonly labels: readonly string[] | undefined;
  readonly region: PendingRegion | undefined;
  readonly score: ScoreKind;
  /** Whether values below zero are cut off; left to each method where nothing is said. */
  readonly relu: boolean | undefined;
  readonly eps: number;
  readonly signal: AbortSignal | undefined;
  readonly onProgress: ProgressListener | undefined;
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

/** What the model has to do with. */
type SettledPart =
  | "split"
  | "splitAtLayer"
  | "splitAtPicture"
  | "stages"
  | "output"
  | "classCount"
  | "classes"
  | "labels"
  | "warnings";

/** Cut the model at the layer, and find the classes in its output. */
function settleOn(
  model: ExplainableModel,
  options: GradcamOptions,
  given: GivenInputs,
  region: PendingRegion | undefined,
): Pick<ExplainRequest, SettledPart> {
  const index = findOutput(model.outputs, options.output ?? 0);
  const output = model.outputs[index]!;
  const cutting = {
    output: index,
    score: options.score ?? "output",
    input: given.image,
    inputs: given.values,
    region: region?.weights,
    twoClasses: areTwoClasses(model, { given: options.labels, output: index }),
  };
  const split = splitAt(model, options.layer, cutting);
  const labels = classNames(options.labels ?? model.labels, split.binary);
  const classCount = countClasses(output, split);
  const wanted = wantedClasses(options, classCount, labels);
  const ofOutput = pictureWarnings(output, model.layers, { taken: split.layer, asked: options.layer });
  const warnings = [
    ...split.warnings,
    ...ofOutput,
    ...unitWarnings(split, labels),
    ...repeatWarnings(wanted, labels),
  ];
  const splitAtPicture = () => model.splitAtPicture(cutting);
  return {
    split,
    splitAtLayer: (path) => model.split(path, cutting),
    splitAtPicture,
    stages: () => withFinerLayers(model, split.layer),
    output,
    classCount,
    classes: [...new Set(wanted)],
    labels,
    warnings,
  };
}

/** Whether nothing has to be found out: a tensor is taken as it is, and an option has the last word. */
function isTold(image: ImageInput, { photos }: GivenInputs, { preprocess }: GradcamOptions): boolean {
  return preprocess !== undefined || (image instanceof tf.Tensor && photos.size === 0);
}

/**
 * Settle what is asked for: all that can be wrong with it is told before a photo is decoded or a forward pass is spent.
 *
 * @param model The model.
 * @param image The image.
 * @param options What is asked for, of the right types.
 * @returns The request; the caller disposes it.
 * @throws As `gradcam()` does.
 */
export async function settle(
  model: ExplainableModel,
  image: ImageInput,
  options: GradcamOptions,
): Promise<ExplainRequest> {
  const { settings = {} } = options;
  const methods = findMethods(options.method ?? "gradcam", settings);
  if (options.region !== undefined) {
    checkIsPicture(model.outputs[findOutput(model.outputs, options.output ?? 0)]!);
  }
  if (!model.layers.some(isSpatial)) model.split(options.layer); // throws, whatever the inputs are
  const region = options.region === undefined
    ? undefined
    : new PendingRegion(await readRegion(options.region, options));
  const given = resolveInputs(model.inputs, options);
  const dispose = () => tf.dispose([...given.own]);
  try {
    const evidence = isTold(image, given, options) ? [] : await model.pixelEvidence();
    const makeInput = planInput(image, { input: model.inputs[given.image]!, evidence }, options);
    const otherPhotos = planOtherPhotos(given.photos, model.inputs, { ...options, evidence });
    const { values } = given;
    const { top = 1, score = "output", relu, eps = 1e-8, signal, onProgress } = options;
    const settled = settleOn(model, options, given, region);
    return {
      methods,
      settings,
      makeInput,
      otherPhotos,
      values,
      top,
      region,
      score,
      relu,
      eps,
      signal,
      onProgress,
      ...settled,
      dispose,
    };
  } catch (error) {
    dispose();
    throw error;
  }
}
