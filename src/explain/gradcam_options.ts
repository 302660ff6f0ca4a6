import { type BackendName, backendRules, type SelectBackendOptions } from "../../backends/backend.ts";
import {
  anyRule,
  callbackRule,
  checkOptionTypes,
  flagRule,
  listRule,
  numberRule,
  objectRule,
  type OptionRules,
  rule,
  textRule,
} from "../base/options.ts";
import { quote } from "../base/quote.ts";
import { type MapScale, mapScales } from "../base/scaling.ts";
import { checkTokens, gridAllowed, type GridSize } from "../base/token_grid.ts";
import type { MethodName } from "../methods/mod.ts";
import { checkSettings, type MethodSettings } from "../methods/settings.ts";
import type { ImageInput } from "../input/image_input.ts";
import { type InputOptions, inputRules } from "../input/input_options.ts";
import { checkLimits } from "../input/image/limits.ts";
import type { NamedEmbeddings } from "./embeddings.ts";
import type { OtherInputs } from "./other_inputs.ts";
import type { PlanListener, ProgressListener } from "./progress.ts";
import { type Smoothing, smoothings } from "./smoothing.ts";
import type { Region } from "./region.ts";
import type { ScoreKind } from "../split/model.ts";
import type { TargetName } from "../targets/mod.ts";
import type { TargetFunction } from "../targets/target.ts";

/** A class by its index from 0, or the digits of it. */
export type ClassIndex = number | `${number}`;

/** Options of {@linkcode gradcam}. */
export interface GradcamOptions extends InputOptions {
  /**
   * The layer to take the map at: its path, or the end of it where that is unique. Of several layers each has a map, and
   * these are fused: each is scaled as the option `scale` says, brought to the size of the largest, and averaged, unless the
   * method has a rule of its own, as LayerCAM has. Methods that look at the pixels alone need no layer.
   * @default {the last layer with a 4-D output that the score depends on; of a transformer what goes into its last block}
   */
  readonly layer?: string | readonly string[] | undefined;
  /**
   * How many rows and columns of tokens a transformer has, `"14x14"` or `[14, 14]`, height first, for layers whose output is
   * tokens.
   * @default {those of the patches that the tokens were made of}
   */
  readonly grid?: GridSize | undefined;
  /**
   * How many tokens come before those of the grid, such as the class token; what is left over comes after it.
   * @default {as the model puts them there, else all that are more than the grid has}
   */
  readonly tokens?: number | undefined;
  /**
   * The class to explain, by index from 0, or several. A model that ends in one sigmoid unit has two: class 0 is the
   * unit's own, as in the reference, class 1 its opposite, 1 − p; of two labels the second names the unit, as Keras
   * numbers them. So has one that ends in one unit without an activation where there are two labels: its output z is
   * read as a logit, above 0 for the second label, which is class 0; class 1 has −z. With one label or none it is a
   * regression, of which there is class 0 alone. Digits mean the number that they write.
   * @default {the class with the highest score}
   */
  readonly classIndex?: ClassIndex | readonly ClassIndex[] | undefined;
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
   * @default {"output"; "logit" for the target "finer"}
   */
  readonly score?: ScoreKind | undefined;
  /**
   * Whether negative values are cut off before the map is scaled.
   * @default {as the method's paper says; Grad-CAM's are kept, as in the reference}
   */
  readonly relu?: boolean | undefined;
  /**
   * How the map is scaled to 0 … 1: `"range"` from its least to its most value, `"maximum"` from zero to its most, with
   * negative values cut off, or `"symmetric"` with zero in the middle.
   * @default {"symmetric" where negative values are kept and the map has values of both signs, but "range" for Grad-CAM,
   * as in the reference; else "range"}
   */
  readonly scale?: MapScale | undefined;
  /**
   * How maps are smoothed: `"principal"` takes the first principal component of the channels' parts in the place of their
   * sum, its sign chosen so that it goes with the sum. Maps that have no such parts stay as they are, and a warning says so.
   * @default {not at all}
   */
  readonly smooth?: Smoothing | undefined;
  /**
   * Whether maps are the mean of those of six variants of the photo: as it is and flipped, the model's input multiplied by
   * 0.9, 1 and 1.1. It takes six times as long.
   * @default {false}
   */
  readonly augment?: boolean | undefined;
  /**
   * Whether the negative of the target is explained: what would have to be otherwise for the score to rise.
   * @default {false}
   */
  readonly counterfactual?: boolean | undefined;
  /**
   * Added to the map's range when it is divided by it.
   * @default {1e-8}
   */
  readonly eps?: number | undefined;
  /**
   * What is explained: `"class"`, each class's score; `"difference"`, that less the score of another, `versus`;
   * `"finer"`, that in contrast with the nearest classes'; `"sum"`, the sum of all classes asked for; `"lower"`, the other
   * sign of a score, as of a regression; `"similarity"`, how like another photo it is, `like`; or a function that makes
   * a scalar of the model's output for one picture, `[1, …]`, by operations that have a gradient.
   * @default {"difference" with versus, "similarity" with like, else "class"}
   */
  readonly target?: Exclude<TargetName, "function"> | TargetFunction | undefined;
  /** The class that others are compared with, by index or name. */
  readonly versus?: ClassIndex | string | undefined;
  /**
   * How many of the nearest classes a class is contrasted with, for the target `"finer"`.
   * @default {3}
   */
  readonly nearest?: number | undefined;
  /**
   * How much those classes count, for the target `"finer"`.
   * @default {0.6}
   */
  readonly contrast?: number | undefined;
  /**
   * The photo to be like, for a model that gives embeddings; it is brought to the model's input as the photo that is
   * explained. Or an embedding, as numbers, or several by name, such as those of texts to a model of CLIP's kind: these are
   * classes, whose scores are the softmax of the cosine similarities times `logit_scale`, which may stand among them (100 if
   * not); `labels` may name them otherwise. Or a file of NumPy's (.npy) or of JSON that holds one, a row each, or several by
   * name. Of a model with several outputs the one is taken that is called `image_embeds` or the like, unless `output` says
   * which.
   */
  readonly like?: ImageInput | readonly number[] | Float32Array | NamedEmbeddings | undefined;
  /**
   * The row of an output `[1, rows, values]`, such as a detector's boxes, whose values are the class scores.
   * @default {the mean of all rows}
   */
  readonly box?: number | undefined;
  /**
   * The method, or several: what they can share is computed once, and each class gets a map by each.
   * @default {"gradcam"}
   */
  readonly method?: MethodName | readonly MethodName[] | undefined;
  /**
   * What methods are told, such as how many samples they take.
   * @default {each method's own}
   */
  readonly settings?: MethodSettings | undefined;
  /**
   * How many runs of the model, and ways back, the maps may take, for services: what takes more is refused when the model has
   * been run once, before anything else is computed.
   * @default {as many as it takes}
   */
  readonly maxPasses?: number | undefined;
  /** Is told what the maps will take before any is computed. */
  readonly onPlan?: PlanListener | undefined;
  /** Is told how far the computation of maps has come. */
  readonly onProgress?: ProgressListener | undefined;
  /**
   * The model's output that holds the class scores, by index or name.
   * @default {0}
   */
  readonly output?: number | string | undefined;
  /**
   * What goes into the model's other inputs by name, where it has several: tensors with the batch first, which stay
   * the caller's, or plain numbers, row by row; into one that is a picture also a photo by path, URL, content or as
   * pixels, which is brought to that input's size and scaled as the photo that is explained. All of them are needed.
   */
  readonly inputs?: OtherInputs | undefined;
  /**
   * The part of the photo whose mean score is explained, where the output is a picture of scores, as a
   * segmentation's: a box in the photo's pixels (a tensor's, if the image is one), or a mask laid over it, as
   * numbers or as a picture's path, URL or content. What the model does not see of it does not count.
   * @default {all of it}
   */
  readonly region?: Region | undefined;
  /**
   * The names of the classes, instead of the model's. Two of them make a single unit without an activation the logit of
   * the second.
   */
  readonly labels?: readonly string[] | undefined;
  /**
   * The backend to compute on.
   * @default {the one in use, else the best there is}
   */
  readonly backend?: "auto" | BackendName | undefined;
  /** Threads for WebAssembly. */
  readonly threads?: number | undefined;
}

/** A class's index; digits mean the number that they write. */
const index = rule(
  "a class's index from 0, or several; a name goes into label",
  (value) => typeof value === "number" || typeof value === "string" && /^\s*\d+\s*$/.test(value),
);

const name = textRule("the name of a class, or several");

const methodName = textRule("the name of a method");

const layerName = textRule("the name of a layer, or several");

/** What each of them can be. */
export const gradcamRules: OptionRules<GradcamOptions> = {
  ...inputRules,
  ...backendRules,
  layer: rule(layerName.allowed, (value) => layerName.fits(value) || listRule("", layerName).fits(value)),
  grid: rule(gridAllowed, (value) => typeof value === "string" || Array.isArray(value)),
  tokens: numberRule("how many tokens"),
  classIndex: rule(index.allowed, (value) => index.fits(value) || listRule("", index).fits(value)),
  label: rule(name.allowed, (value) => name.fits(value) || listRule("", name).fits(value)),
  top: numberRule("how many classes"),
  score: textRule('"output" or "logit"'),
  relu: flagRule,
  scale: textRule(mapScales.map((name) => quote(name)).join(" or ")),
  augment: flagRule,
  smooth: textRule(smoothings.map((name) => quote(name)).join(" or ")),
  counterfactual: flagRule,
  eps: numberRule("a number"),
  method: rule(
    "the name of a method, or several",
    (value) => methodName.fits(value) || listRule("", methodName).fits(value),
  ),
  target: rule(
    "the name of a target, or a function of the output",
    (value) => typeof value === "string" || typeof value === "function",
  ),
  versus: rule(
    "the index or the name of a class",
    (value) => typeof value === "number" || typeof value === "string",
  ),
  nearest: numberRule("how many classes"),
  contrast: numberRule("a number"),
  like: rule(
    "a photo, the numbers of an embedding, or embeddings by name",
    (value) => typeof value === "string" || isObject(value),
  ),
  box: numberRule("the number of a row"),
  settings: objectRule("an object, such as { samples: 100 }"),
  maxPasses: numberRule("how many runs of the model"),
  onPlan: callbackRule("a function"),
  onProgress: callbackRule("a function"),
  output: anyRule(numberRule("the index of an output"), textRule("its name")),
  inputs: rule("values or photos by the names of inputs", (value) => isPlain(value)),
  region: rule(
    "{ x, y, width, height }, a mask { data, width, height }, or a picture of one",
    (value) => typeof value === "string" || typeof value === "object" && value !== null,
  ),
  labels: listRule("an array of names", name),
};

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null;
}

function isPlain(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value);
}

function checkName(what: string, name: string | undefined, names: readonly string[]): void {
  if (name === undefined || names.includes(name)) return;
  throw new RangeError(`Unknown ${what} ${quote(name)}: use one of ${names.join(", ")}`);
}

/**
 * Refuse options that no model and no image could make sense of.
 *
 * @throws {TypeError} If one is unknown or of a wrong type.
 * @throws {RangeError} If one is out of range.
 */
export function checkOptions(options: GradcamOptions): void {
  checkOptionTypes("gradcam()", options, gradcamRules);
  const { eps = 1e-8, top = 1, score = "output" } = options;
  if (!(eps >= 0 && Number.isFinite(eps))) throw new RangeError(`Cannot use eps ${eps}: it is 0 or more`);
  if (!Number.isInteger(top) || top < 1) throw new RangeError(`Cannot explain the top ${top}: use 1 or more`);
  if (score !== "output" && score !== "logit") {
    throw new RangeError(`Unknown score ${quote(score)}: use one of output, logit`);
  }
  checkTargetOptions(options);
  const { maxPasses = 0 } = options;
  if (!(maxPasses >= 0)) throw new RangeError(`Cannot allow ${maxPasses} passes: use 0 or more`);
  checkName("scale", options.scale, mapScales);
  checkName("smoothing", options.smooth, smoothings);
  if (Array.isArray(options.layer) && options.layer.length === 0) {
    throw new RangeError("Cannot explain at no layer: name at least one");
  }
  checkTokens(options);
  checkSettings(options.settings ?? {});
  checkLimits(options);
}

/** @throws {RangeError} If an option about targets is out of range. */
function checkTargetOptions({ nearest = 1, contrast = 0, box = 0 }: GradcamOptions): void {
  if (!(Number.isInteger(nearest) && nearest >= 1)) {
    throw new RangeError(`Cannot contrast with ${nearest} classes: use 1 or more`);
  }
  if (!Number.isFinite(contrast)) {
    throw new RangeError(`Cannot use contrast ${contrast}: use a number such as 0.6`);
  }
  if (!(Number.isInteger(box) && box >= 0)) {
    throw new RangeError(`Cannot use box ${box}: rows are counted from 0`);
  }
}

/** The backend that options ask for. */
export function backendOf(
  { backend, threads }: Pick<GradcamOptions, "backend" | "threads">,
): SelectBackendOptions {
  return { ...(backend !== undefined && { backend }), ...(threads !== undefined && { threads }) };
}
