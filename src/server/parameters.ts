import { nearest } from "../base/nearest.ts";
import { cut, listed, quote } from "../base/quote.ts";
import { colormaps, findColormap } from "../draw/colormaps/mod.ts";
import { findOpacity, opacities } from "../draw/opacity.ts";
import { findThreshold, thresholds } from "../regions/mod.ts";
import { chooseEncoding, encodings, type PictureEncoding } from "../draw/encodings/mod.ts";
import { findRendering, type Rendering, renderings } from "../draw/renderings/mod.ts";
import { checkSides } from "../draw/scale_photo.ts";
import type { EncodeOptions } from "../explain/explanation.ts";
import type { GradcamOptions } from "../explain/gradcam_options.ts";
import { checkFit, fitModes } from "../input/image/window.ts";
import { readPreprocessing } from "../input/preprocess_text.ts";
import { readRange } from "../input/range_text.ts";
import { gridAllowed, readGrid } from "../base/token_grid.ts";
import { smoothings } from "../explain/smoothing.ts";
import { mapScales } from "../base/scaling.ts";
import { findMethod, type MethodName, methods } from "../methods/mod.ts";
import { type SettingSpec, settingSpecs } from "../methods/settings.ts";
import { targets } from "../targets/mod.ts";
import type { ScoreKind } from "../split/model.ts";
import { inputPrefix, isInputName, likeName } from "./input_names.ts";
import {
  type JsonSchema,
  type Parameter,
  type ParameterContext,
  type Reading,
  repeated,
  single,
  type ValueKind,
} from "./parameter.ts";
import {
  between,
  choice,
  flag,
  longestName,
  nameOrIndex,
  numbers,
  text,
  unusable,
  whole,
} from "./parameter_kinds.ts";
import { Problem } from "./problem.ts";
import type { Given } from "./receive/given.ts";

export type { JsonSchema, Parameter, ParameterContext };

/** What the parameters of a request ask for. */
export interface ExplainParameters {
  /** What to explain, and how. */
  readonly options: GradcamOptions;
  /** How it is drawn, and how pictures are written. */
  readonly drawing: EncodeOptions;
  /** What to answer with; none where the request does not say. */
  readonly renderings: readonly Rendering[];
  /** The id of the model to explain with; the default one if left out. */
  readonly model: string | undefined;
  /** Whether the photo is kept for a while. */
  readonly keep: boolean;
}

const scoreKinds: readonly ScoreKind[] = ["output", "logit"];

/** The largest height or width that a model which takes any is asked to compute, in pixels. */
const largestSide = 2048;

/** The largest side that small photos are enlarged to, in pixels. */
const largestMinSide = 1024;

function namesOf<Name extends string>(registry: readonly { readonly name: Name }[]): Name[] {
  return registry.map(({ name }) => name);
}

function readFit(fit: string) {
  checkFit(fit);
  return fit;
}

/** A method of a URL's query may be called "gradcam++" there, where a plus that is not escaped means a space. */
function readMethod(name: string): MethodName {
  const meant = name.replaceAll(" ", "+");
  return findMethod(namesOf(methods).find((known) => known === meant) ?? name).name;
}

/** The kinds of targets that a request can ask for; functions cannot be sent. */
export const askedTargets = targets.filter(({ name }) => name !== "function");

/** How many tokens come before those of the grid at most. */
const mostTokens = 100_000;

/** @throws {RangeError} If it is no grid. */
function readTokenGrid(text: string): readonly [height: number, width: number] {
  const grid = readGrid(text);
  if (!grid) throw new RangeError(`Cannot use grid ${quote(text)}: use ${gridAllowed}`);
  return grid;
}

/** How many layers' maps are fused at most: each is a run of the model of its own. */
const mostLayers = 8;

/** The largest number of a row of an output. */
const largestBox = 10_000_000;

/** One of some names, which are checked where they are read. */
function oneOf<Name extends string>(what: string, names: readonly Name[]): ValueKind<Name> {
  return choice(names, (text) => {
    const found = names.find((name) => name === text);
    if (found !== undefined) return found;
    throw new Problem(
      400,
      `Unknown ${what} ${quote(text)}: use one of ${names.join(", ")}`,
      {},
      "bad-parameter",
    );
  });
}

function settingKind(
  { name, choices, range = [0, 0], whole: isWhole }: SettingSpec,
): ValueKind<number | string> {
  if (choices) return oneOf(name, choices);
  const [least, most] = range;
  return isWhole ? whole(least, () => most) : between(least, most);
}

/** A parameter for each setting that some method takes. */
const settingParameters: readonly Parameter[] = settingSpecs.flatMap((spec) => {
  const takers = methods.filter(({ settings = {} }) => Object.hasOwn(settings, spec.name));
  if (takers.length === 0) return [];
  return [single({
    name: spec.name,
    what: `${spec.description}; for ${namesOf(takers).join(", ")}`,
    kind: settingKind(spec),
    set({ options }, value) {
      options.settings = { ...options.settings, [spec.name]: value };
    },
  })];
});

function readScore(score: string): ScoreKind {
  const found = scoreKinds.find((kind) => kind === score);
  if (found) return found;
  throw new Problem(
    400,
    `Unknown score ${quote(score)}: use one of ${scoreKinds.join(", ")}`,
    {},
    "bad-parameter",
  );
}

/** The id of a model. */
const modelKind: ValueKind<string> = {
  ...text(String),
  text: ({ models }) => ({ type: "string", enum: models }),
  json: ({ models }) => ({ type: "string", enum: models }),
  read(id, _, { models }) {
    if (models.includes(id)) return id;
    throw new Problem(404, `No model ${quote(id)}: the models are ${listed(models)}`, {}, "model-not-found");
  },
};

const sizeForm = /^\d{1,4}(x\d{1,4})?$/i;

/** One side, from 1 to the largest, for the schema. */
const sidePattern = "([1-9][0-9]{0,2}|1[0-9]{3}|20[0-3][0-9]|204[0-8])";
const sizePattern = `^${sidePattern}([xX]${sidePattern})?$`;

/** Height and width, or one number for both. */
const sizeKind: ValueKind<[height: number, width: number]> = {
  accepts: ["number", "text", "numbers"],
  separator: "x",
  text: () => ({ type: "string", pattern: sizePattern }),
  json() {
    const side = { type: "integer", minimum: 1, maximum: largestSide };
    return {
      anyOf: [{ type: "string", pattern: sizePattern }, side, {
        type: "array",
        items: side,
        minItems: 2,
        maxItems: 2,
      }],
    };
  },
  read(value, name) {
    if (!sizeForm.test(value)) throw unusable(name, value, "give HEIGHTxWIDTH");
    const [height, width = height] = value.toLowerCase().split("x").map(Number);
    if (Math.max(height!, width!) > largestSide) {
      throw new RangeError(`Cannot use ${name} ${quote(value)}: use ${largestSide} at most`);
    }
    return [height!, width!];
  },
};

const rangeKind = {
  ...text(readRange, { examples: ["auto", "0,4095"] }),
  accepts: ["text", "numbers"],
  json: () => ({
    anyOf: [
      { type: "string", minLength: 1, maxLength: longestName },
      { type: "array", items: { type: "number" }, minItems: 2, maxItems: 2 },
    ],
  }),
} satisfies ValueKind<unknown>;

/** What an answer can be, or how its pictures are written. */
type Form = Rendering | PictureEncoding;

function isEncoding(form: Form): form is PictureEncoding {
  return encodings.some((encoding) => encoding === form);
}

/** @throws {RangeError} If there is neither such a rendering nor such a format of pictures. */
function findForm(name: string): Form {
  return encodings.find((encoding) => encoding.name === name) ?? findRendering(name);
}

/** @throws {RangeError} If pictures are to be written in several formats at once. */
function setForms(reading: Reading, forms: readonly Form[]): void {
  const wanted = [...new Set(forms)];
  reading.renderings = wanted.filter((form) => !isEncoding(form)) as Rendering[];
  const [format, ...others] = wanted.filter(isEncoding);
  if (!format) return;
  if (others.length > 0) {
    const names = namesOf([format, ...others]).join(" and ");
    throw new RangeError(`Cannot write pictures as ${names} at once: give one of them`);
  }
  reading.drawing.format = format.name;
  const isDrawn = reading.renderings.some(({ draw }) => draw);
  if (!isDrawn) reading.renderings.unshift(renderings[0]!); // it is a picture's
}

/** All parameters, in the order of the documentation. A new one is one entry. */
export const parameters: readonly Parameter[] = Object.freeze([
  single({
    name: "model",
    what: "The id of the model to explain with; the first one if left out",
    kind: modelKind,
    set: (reading, id) => reading.model = id,
  }),
  repeated({
    name: "class",
    what: "The class to explain, by index from 0 or by name; may be repeated; the likeliest if left out",
    kind: nameOrIndex,
    most: ({ limits }) => limits.maxClasses,
    set({ options }, values) {
      options.classIndex = values.filter((value) => typeof value === "number");
      options.label = values.filter((value) => typeof value === "string");
    },
  }),
  single({
    name: "top",
    what: "How many of the classes with the highest scores to explain where none is named",
    example: 3,
    kind: whole(1, ({ limits }) => limits.maxClasses),
    set: ({ options }, top) => options.top = top,
  }),
  repeated({
    name: "layer",
    what:
      "The layer to take the map at: its path, or the end of it; the maps of several are fused; the last spatial one if left out",
    kind: text(String),
    most: () => mostLayers,
    set: ({ options }, layers) => options.layer = layers.length > 1 ? layers : layers[0],
  }),
  repeated({
    name: "method",
    what: "How the map is made; may be repeated, each makes a map of each class",
    kind: choice(namesOf(methods), readMethod),
    most: () => methods.length,
    set: ({ options }, names) => options.method = [...new Set(names)],
  }),
  single({
    name: "target",
    what: "What is explained; difference with versus, similarity with like, else class if left out",
    kind: oneOf("target", namesOf(askedTargets)),
    set: ({ options }, target) => options.target = target as Exclude<typeof target, "function">,
  }),
  single({
    name: "versus",
    what: "The class that others are compared with, by index or name: why the one and not this",
    kind: nameOrIndex,
    set: ({ options }, versus) => options.versus = versus,
  }),
  single({
    name: "grid",
    what: "How many rows and columns of tokens a transformer has, such as 14x14; found out if left out",
    kind: text(readTokenGrid, { pattern: "^[1-9][0-9]*x[1-9][0-9]*$" }),
    set: ({ options }, grid) => options.grid = grid,
  }),
  single({
    name: "tokens",
    what: "How many of its tokens come before those, such as the class token; found out if left out",
    kind: whole(0, () => mostTokens),
    set: ({ options }, tokens) => options.tokens = tokens,
  }),
  single({
    name: "nearest",
    what: "How many of the nearest classes the target finer contrasts a class with",
    kind: whole(1, () => 1000),
    set: ({ options }, nearest) => options.nearest = nearest,
  }),
  single({
    name: "contrast",
    what: "How much those classes count",
    kind: between(0, 100),
    set: ({ options }, contrast) => options.contrast = contrast,
  }),
  single({
    name: likeName,
    what:
      "The embedding to be like, as numbers; a form's file of that name, or base64 in JSON, is a photo, or a " +
      "file of embeddings: .npy, or JSON, which may also stand in JSON as an object",
    kind: numbers({ wanted: "numbers separated by commas" }),
    set: ({ options }, like) => options.like = like,
  }),
  single({
    name: "box",
    what: "The row of an output of rows, such as a detector's boxes, whose values are the class scores",
    kind: whole(0, () => largestBox),
    set: ({ options }, box) => options.box = box,
  }),
  single({
    name: "score",
    what: "The score to differentiate: the model's own output, or what stands before its softmax or sigmoid",
    kind: choice(scoreKinds, readScore),
    set: ({ options }, score) => options.score = score,
  }),
  single({
    name: "relu",
    what:
      "Whether negative values are cut off before the map is scaled; as the method's paper does if left out",
    takesEmpty: true,
    kind: flag,
    set: ({ options }, relu) => options.relu = relu,
  }),
  single({
    name: "scale",
    what: "How the map is scaled to 0 ... 1: by its range, by its maximum, or with zero in the middle",
    kind: oneOf("scale", mapScales),
    set: ({ options }, scale) => options.scale = scale,
  }),
  single({
    name: "smooth",
    what: "How the map is smoothed: by the first principal component of the channels' parts",
    kind: oneOf("smoothing", smoothings),
    set: ({ options }, smooth) => options.smooth = smooth,
  }),
  single({
    name: "augment",
    what:
      "Average the maps of the photo as it is and flipped, paler and stronger, which takes six times as long",
    kind: flag,
    set: ({ options }, augment) => options.augment = augment,
  }),
  single({
    name: "counterfactual",
    what: "Explain what would have to be otherwise for the score to rise",
    kind: flag,
    set: ({ options }, counterfactual) => options.counterfactual = counterfactual,
  }),
  ...settingParameters,
  single({
    name: "preprocess",
    what: "How the model was trained to see pixels: a name, or mean=M,std=S",
    example: "unit",
    kind: text(readPreprocessing),
    set: ({ options }, preprocess) => options.preprocess = preprocess,
  }),
  single({
    name: "fit",
    what: "How the photo is brought to the model's shape",
    kind: choice(fitModes, readFit),
    set: ({ options }, fit) => options.fit = fit,
  }),
  single({
    name: "range",
    what: "Which of the photo's values become black and white: auto, or LOW,HIGH",
    example: "auto",
    kind: rangeKind,
    set: ({ options }, range) => options.range = range,
  }),
  single({
    name: "output",
    what: "The output that holds the class scores, by index or name",
    kind: nameOrIndex,
    set: ({ options }, output) => options.output = output,
  }),
  single({
    name: "input",
    what: "The input that takes the photo, by index or name, where several could",
    kind: nameOrIndex,
    set: ({ options }, input) => options.input = input,
  }),
  single({
    name: "size",
    what: "Height and width that the photo is brought to, HEIGHTxWIDTH, for a model that takes any",
    kind: sizeKind,
    set: ({ options }, size) => options.size = size,
  }),
  single({
    name: "region",
    what:
      "For a segmentation: the part of the photo whose mean score is explained, x,y,width,height in its pixels",
    kind: numbers({ wanted: "x,y,width,height", count: 4 }),
    set({ options }, [x, y, width, height]) {
      options.region = { x: x!, y: y!, width: width!, height: height! };
    },
  }),
  single({
    name: "colormap",
    what: "The colours of the heatmap",
    kind: choice(namesOf(colormaps), (name) => findColormap(name).name),
    set: ({ drawing }, colormap) => drawing.colormap = colormap,
  }),
  single({
    name: "alpha",
    what: "How much the heatmap covers the photo at most, from 0 to 1",
    example: 0.5,
    kind: between(0, 1),
    set: ({ drawing }, alpha) => drawing.alpha = alpha,
  }),
  single({
    name: "opacity",
    what: "Whether the heatmap covers hot places most, or all alike",
    kind: choice(namesOf(opacities), (name) => findOpacity(name).name),
    set: ({ drawing }, opacity) => drawing.opacity = opacity,
  }),
  single({
    name: "contour",
    what: "Draw a line round the upper tenth of the map",
    kind: flag,
    set: ({ drawing }, contour) => drawing.contour = contour,
  }),
  single({
    name: "boxes",
    what: "Draw boxes round the regions of the map; JSON has them too",
    kind: flag,
    set: ({ drawing }, boxes) => drawing.boxes = boxes,
  }),
  single({
    name: "threshold",
    what: "How a region of the map is found",
    kind: choice(namesOf(thresholds), (name) => findThreshold(name).name),
    set: ({ drawing }, threshold) => drawing.threshold = threshold,
  }),
  single({
    name: "level",
    what: "The threshold's number: a part of the map's maximum, or a quantile of its values",
    example: 0.2,
    kind: between(0, 1),
    set: ({ drawing }, level) => drawing.level = level,
  }),
  single({
    name: "minSide",
    what: "Enlarge overlay and heatmap of small photos until the longer side has so many pixels, 0 for never",
    example: 0,
    kind: whole(0, () => largestMinSide),
    set: ({ drawing }, minSide) => drawing.minSide = minSide,
  }),
  single({
    name: "maxSide",
    what: "Reduce overlay and heatmap of large photos until the longer side has so many pixels at most",
    example: 1024,
    kind: whole(1, ({ limits }) => limits.maxSide),
    set: ({ drawing }, maxSide) => drawing.maxSide = maxSide,
  }),
  repeated({
    name: "format",
    what:
      "What to answer with, several make a form with a part each; and how pictures are written, one of them",
    kind: choice([...namesOf(renderings), ...namesOf(encodings)], findForm),
    most: () => renderings.length + 1,
    set: setForms,
  }),
  single({
    name: "quality",
    what: "How good pictures are that are not written exactly, JPEG and WebP, from 1 to 100",
    example: 80,
    kind: whole(1, () => 100),
    set: ({ drawing }, quality) => drawing.quality = quality,
  }),
  single({
    name: "keep",
    what: "Keep the photo for a while; the answer's header gradcam-photo says the id to ask for it by",
    kind: flag,
    set: (reading, keep) => reading.keep = keep,
  }),
  single({
    name: `${inputPrefix}NAME`,
    what:
      "What goes into another input of the model: numbers, row by row; a form's file of that name is a photo",
    kind: numbers({ wanted: "numbers separated by commas" }),
    set({ options }, values, name) {
      options.inputs = { ...options.inputs, [name.slice(inputPrefix.length)]: values };
    },
  }),
]);

const byName: ReadonlyMap<string, Parameter> = new Map(
  parameters.map((parameter) => [parameter.name, parameter]),
);

/** How many names of parameters a message lists. */
const mostNamed = 12;

/** The names of all parameters. */
export const parameterNames: readonly string[] = Object.freeze([...byName.keys()]);

/**
 * The parameter of a name.
 *
 * @throws {Problem} 400 if there is none.
 */
export function findParameter(name: string): Parameter {
  const found = byName.get(isInputName(name) ? `${inputPrefix}NAME` : name);
  if (found) return found;
  const names = nearest(name.slice(0, longestName), parameterNames, mostNamed);
  throw new Problem(
    400,
    `Unknown parameter ${quote(name)}: use one of ${names.join(", ")} or others that /openapi.json lists`,
    {},
    "unknown-parameter",
  );
}

function listSchema(items: JsonSchema, parameter: Parameter, context: ParameterContext): JsonSchema {
  return { type: "array", items, minItems: 1, maxItems: parameter.most(context) };
}

/** The schema of a parameter in a URL or a form; of one that may be repeated, of all of its values. */
export function urlSchemaOf(parameter: Parameter, context: ParameterContext): JsonSchema {
  const one = parameter.text(context);
  return parameter.repeats ? listSchema(one, parameter, context) : one;
}

/** The schema of a parameter in JSON; one that may be repeated is one value or an array of them. */
export function jsonSchemaOf(parameter: Parameter, context: ParameterContext): JsonSchema {
  const one = parameter.json(context);
  return parameter.repeats ? { anyOf: [one, listSchema(one, parameter, context)] } : one;
}

/** Options of {@linkcode readParameters}. */
export interface ReadOptions extends ParameterContext {
  /**
   * Whether an empty value is refused, rather than taken as not given, as forms send what was not filled in.
   * @default {false}
   */
  readonly refuseEmpty?: boolean;
}

/** The values of a parameter that count. */
function filled(values: readonly string[], parameter: Parameter, name: string, refuseEmpty: boolean) {
  if (parameter.takesEmpty && !refuseEmpty) return values;
  const some = values.filter((value) => value !== "");
  if (refuseEmpty && some.length < values.length) throw unusable(name, "", "give a value, or leave it out");
  return some;
}

/** @throws {Problem} 400 if a parameter has more values than it may. */
function checkTimes(
  values: readonly string[],
  parameter: Parameter,
  name: string,
  context: ParameterContext,
): void {
  const most = parameter.most(context);
  if (values.length <= most) return;
  const wanted = parameter.repeats ? `use ${most} at most` : "give it once";
  throw new Problem(
    400,
    `Cannot use ${cut(name)} ${values.length} times: ${wanted}`,
    {},
    "bad-parameter",
  );
}

/** @throws {RangeError} If several methods make more maps of the classes than are made at once. */
function checkMaps({ options }: Reading, { limits: { maxClasses } }: ParameterContext): void {
  const { classIndex = [], label = [], top = 1, method = [] } = options;
  const named = [classIndex, label].flat().length;
  const [classes, byMethods] = [named || top, [method].flat().length];
  if (byMethods <= 1 || classes * byMethods <= maxClasses) return;
  throw new RangeError(
    `Cannot explain ${classes} classes by ${byMethods} methods: at most ${maxClasses} maps are made at once, ask for fewer`,
  );
}

/**
 * Read the parameters of a request.
 *
 * @param given By name, with all values.
 * @param options What they may be.
 * @throws {Problem} 400 if there is no such parameter, or it does not have such a value; 404 if there is no such model.
 * @throws {RangeError} If it does not have such a value.
 */
export function readParameters(
  given: Given,
  { refuseEmpty = false, ...context }: ReadOptions,
): ExplainParameters {
  const reading: Reading = { options: {}, drawing: {}, renderings: [], model: undefined, keep: false };
  for (const [name, all] of given) {
    const parameter = findParameter(name);
    const values = filled(all, parameter, name, refuseEmpty);
    checkTimes(values, parameter, name, context);
    if (values.length > 0) parameter.read(reading, values, name, context);
  }
  checkMaps(reading, context);
  reading.drawing.maxSide ??= context.limits.maxSide;
  checkSides(reading.drawing);
  if (reading.drawing.format !== undefined) chooseEncoding(reading.drawing);
  return reading;
}
