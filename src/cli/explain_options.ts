import type { BackendName } from "../../backends/mod.ts";
import { colormaps } from "../draw/colormaps/mod.ts";
import { opacities } from "../draw/opacity.ts";
import { mostColumns } from "../draw/photo_grid_size.ts";
import { largestSmallestSide, smallestSide } from "../draw/scale_photo.ts";
import { methods } from "../methods/mod.ts";
import { thresholds } from "../regions/mod.ts";
import { fitModes } from "../input/image/window.ts";
import { encodings, usualQuality } from "../draw/encodings/mod.ts";
import { renderings } from "../draw/renderings/mod.ts";
import type { ScoreKind } from "../split/model.ts";
import { mapScales } from "../base/scaling.ts";
import { smoothings } from "../explain/smoothing.ts";
import { askedTargets, methodOptions } from "./method_options.ts";
import {
  boxOrLocationRule,
  choiceRule,
  gridRule,
  listRule,
  locationRule,
  namedInputRule,
  namedNumbersRule,
  numberRule,
  type OptionSpec,
  preprocessingRule,
  rangeRule,
  sizeRule,
  unlisted,
} from "./option.ts";

const backendNames: readonly ("auto" | BackendName)[] = ["auto", "webgpu", "wasm", "cpu"];
const scoreKinds: readonly ScoreKind[] = ["output", "logit"];

/** `--save none`: only say what was seen. */
export const saveNothing = "none";

/** Options about the model, shared by the commands that open one. */
export const modelOptions: readonly OptionSpec[] = [
  {
    name: "model",
    short: "m",
    value: "MODEL",
    group: "Model",
    description: "A model file, its folder or its URL (default: the embedded EfficientNet-Lite0)",
    rule: locationRule,
  },
  {
    name: "identity",
    value: "CLASS",
    repeat: true,
    group: "Model",
    description: "A class of the model's layers that leave their input as it is when the model is used",
  },
  {
    name: "weights",
    value: "FILE",
    group: "Model",
    description:
      "The Keras .h5 that holds the weights, where the model is an architecture in JSON, or has others " +
      "(default: as found beside it)",
    rule: locationRule,
  },
];

/** The names of the classes, shared likewise. */
export const labelsOption: OptionSpec = {
  name: "labels",
  value: "FILE",
  group: "Model",
  description:
    "The names of the classes: a JSON list, a JSON object from index to name, or one name a line; two for one unit, " +
    "of which the second is its own, as Keras numbers classes",
  rule: locationRule,
};

/** Options about what the model sees and says, shared likewise. */
export const photoOptions: readonly OptionSpec[] = [
  labelsOption,
  {
    name: "preprocess",
    value: "NAME|mean=M,std=S",
    group: "Model",
    description:
      "How the model was trained to see pixels: a name, or the mean that is subtracted from 0 ... 255 and the " +
      "deviation that is divided by, one number each or one a channel (default: as its files say)",
    rule: preprocessingRule,
  },
  {
    name: "fit",
    value: "MODE",
    group: "Model",
    description:
      "How the photo is brought to the model's shape (default: as the model's files say, else squash)",
    rule: choiceRule(fitModes),
  },
];

/** Which values of a photo are seen. */
const rangeOption: OptionSpec = {
  name: "range",
  value: "auto|LOW,HIGH",
  group: "Model",
  description:
    "Which of the photo's values become black and white, such as 0,4095 for 12 bits in a file of 16, or auto for the " +
    "smallest and the largest that it has (default: all that its format can hold)",
  rule: rangeRule,
};

/** Options about what goes into the model and comes out, shared likewise. */
export const wiringOptions: readonly OptionSpec[] = [
  {
    name: "output",
    value: "N|NAME",
    group: "Model",
    description: "The output that holds the class scores, where the model has several (default: 0)",
  },
  {
    name: "input",
    value: "N|NAME",
    group: "Model",
    description: "The input that takes the photo, where several could (default: the only one that could)",
  },
  {
    name: "inputs",
    value: "NAME=FILE|V,V...",
    repeat: true,
    group: "Model",
    description:
      "What goes into another input of the model: a photo, such as after=after.jpg, where it is a picture; " +
      "else its values, row by row",
    rule: namedInputRule,
  },
  {
    name: "input-values",
    value: "NAME=V,V...",
    repeat: true,
    group: "Model",
    description: "The same for values alone, such as age=0.4",
    rule: namedNumbersRule,
  },
  {
    name: "size",
    value: "HxW",
    group: "Model",
    description:
      "Height and width that the photo is brought to for a model that takes any (default: 224x224)",
    rule: sizeRule,
  },
];

/** Threads for WebAssembly, shared likewise. */
export const threadsOption: OptionSpec = {
  name: "threads",
  value: "N",
  group: "Machine",
  description: "Threads for WebAssembly (default: one for each core)",
  rule: numberRule({ min: 1, max: 256, whole: true }),
};

/** Options about where to compute, shared likewise. */
export const backendOptions: readonly OptionSpec[] = [
  {
    name: "backend",
    value: "NAME",
    group: "Machine",
    description: "Where to compute (default: auto)",
    rule: choiceRule(backendNames),
  },
  threadsOption,
];

/** The largest photo accepted, shared likewise. */
export const maxPixelsOption: OptionSpec = {
  name: "max-pixels",
  value: "N",
  group: "Model",
  description: "The largest photo accepted, in pixels (default: 100000000)",
  rule: numberRule({ min: 1, whole: true }),
};

/** The longest side accepted, shared likewise. */
export const maxPhotoSideOption: OptionSpec = {
  name: "max-photo-side",
  value: "N",
  group: "Model",
  description: "The longest side of a photo accepted, in pixels (default: 65535)",
  rule: numberRule({ min: 1, whole: true }),
};

/** The most memory that decoding may take, shared likewise. */
export const maxDecodingMemoryOption: OptionSpec = {
  name: "max-decoding-memory",
  value: "MB",
  group: "Model",
  description:
    "The most memory that decoding a photo may take, in megabytes, as it is estimated (default: any)",
  rule: numberRule({ min: 1 }),
};

/** All options of the command that explains photos, in the order of the help. */
export const explainOptions: readonly OptionSpec[] = [
  ...modelOptions,
  ...photoOptions,
  rangeOption,
  ...wiringOptions,
  maxPixelsOption,
  maxPhotoSideOption,
  maxDecodingMemoryOption,
  {
    name: "class",
    value: "N|NAME",
    repeat: true,
    group: "Map",
    description:
      "The class to explain, by index from 0 or by name; of one sigmoid unit, or one logit with two labels, 0 is its " +
      "own and 1 the opposite " +
      "(default: the one with the highest score)",
  },
  {
    name: "top",
    value: "K",
    group: "Map",
    description: "Explain the K classes with the highest scores (default: 1)",
    rule: numberRule({ min: 1, max: 1000, whole: true }),
  },
  {
    name: "layer",
    value: "NAME",
    repeat: true,
    group: "Map",
    description:
      "The layer to take the map at, as `gradcam layers` lists them; the maps of several are fused " +
      "(default: the last spatial one, or what goes into a transformer's last block)",
  },
  {
    name: "grid",
    value: "HxW",
    group: "Map",
    description:
      "How many rows and columns of tokens a transformer has, such as 14x14 (default: as many as it was found to make of the photo)",
    rule: gridRule,
  },
  {
    name: "tokens",
    value: "N",
    group: "Map",
    description:
      "How many of its tokens come before those, such as the class token (default: as the model puts them there)",
    rule: numberRule({ min: 0, whole: true }),
  },
  {
    name: "target",
    value: "NAME",
    group: "Map",
    description: "What is explained (default: difference with --versus, similarity with --like, else class)",
    rule: choiceRule(askedTargets.map(({ name }) => name)),
  },
  {
    name: "versus",
    value: "N|NAME",
    group: "Map",
    description: "Explain why it is the class and not this one",
  },
  {
    name: "nearest",
    value: "N",
    group: "Map",
    description: "How many of the nearest classes --target finer contrasts a class with (default: 3)",
    rule: numberRule({ min: 1, max: 1000, whole: true }),
  },
  {
    name: "contrast",
    value: "G",
    group: "Map",
    description: "How much those classes count (default: 0.6)",
    rule: numberRule({ min: 0, max: 100 }),
  },
  {
    name: "like",
    value: "FILE",
    group: "Map",
    description:
      "Explain what makes the photo like this one, to a model that gives embeddings; or like the embedding in a " +
      ".npy or .json; several there, by name or a row each, are classes, as of texts to CLIP",
    rule: locationRule,
  },
  {
    name: "box",
    value: "N",
    group: "Map",
    description:
      "The row of an output of rows, such as a detector's boxes, whose values are the class scores",
    rule: numberRule({ min: 0, whole: true }),
  },
  {
    name: "score",
    value: "KIND",
    group: "Map",
    description: "Differentiate the model's own output, or what stands before its softmax or sigmoid",
    rule: choiceRule(scoreKinds),
  },
  {
    name: "region",
    value: "X,Y,W,H|FILE",
    group: "Map",
    description:
      "For a segmentation: the part of the photo whose mean score is explained, a box in its pixels or a mask, " +
      "a picture that is white where it counts (default: all of it)",
    rule: boxOrLocationRule,
  },
  {
    name: "augment",
    group: "Map",
    description:
      "Average the maps of the photo as it is and flipped, paler and stronger, which takes six times as long",
  },
  {
    name: "counterfactual",
    group: "Map",
    description: "Explain what would have to be otherwise for the score to rise: the negative of the target",
  },
  {
    name: "method",
    value: "NAMES",
    group: "Method",
    description:
      "How the map is made, or several ways, separated by commas, as listed below (default: gradcam)",
    rule: unlisted(listRule(methods.map(({ name }) => name))),
  },
  {
    name: "relu",
    group: "Method",
    description: "Cut off negative values (default: as the method's paper does, but for gradcam)",
  },
  {
    name: "no-relu",
    group: "Method",
    description: "Keep negative values, also where the method's paper cuts them off",
  },
  {
    name: "scale",
    value: "NAME",
    group: "Method",
    description:
      "How the map is scaled: from its least to its most, from zero to its most, or with zero in the middle " +
      "(default: symmetric where values of both signs are kept, but range for gradcam, else range)",
    rule: choiceRule(mapScales),
  },
  {
    name: "smooth",
    value: "NAME",
    group: "Method",
    description:
      "Smooth the map by the first principal component of the channels' parts (default: not at all)",
    rule: choiceRule(smoothings),
  },
  ...methodOptions,
  {
    name: "out",
    short: "o",
    value: "PATH",
    group: "Result",
    description:
      "A folder (made if its name ends in /), a file's name for a single result, or - for standard output " +
      "(default: the current folder)",
  },
  {
    name: "save",
    value: "KINDS",
    group: "Result",
    description: "What to save, separated by commas (default: overlay)",
    rule: listRule([...renderings.map(({ name }) => name), saveNothing]),
  },
  {
    name: "columns",
    value: "N",
    group: "Result",
    description:
      "Draw the overlays of all photos in one picture, N in a row, instead of a file each unless --save says so too",
    rule: numberRule({ min: 1, max: mostColumns, whole: true }),
  },
  {
    name: "format",
    value: "NAME",
    group: "Result",
    description: "The format of pictures (default: as the ending of --out says, else png)",
    rule: choiceRule(encodings.map(({ name }) => name)),
  },
  {
    name: "quality",
    value: "Q",
    group: "Result",
    description: `How near to the picture a JPEG or WebP is, from 1 to 100 (default: ${usualQuality})`,
    rule: numberRule({ min: 1, max: 100 }),
  },
  {
    name: "colormap",
    value: "NAME",
    group: "Result",
    description: "The colours of the heatmap (default: viridis)",
    rule: choiceRule(colormaps.map(({ name }) => name)),
  },
  {
    name: "alpha",
    value: "A",
    group: "Result",
    description: `How much the heatmap covers the photo at most, from 0 to 1 (default: ${
      opacities.map(({ name, alpha }) => `${alpha} with --opacity ${name}`).join(", ")
    })`,
    rule: numberRule({ min: 0, max: 1 }),
  },
  {
    name: "opacity",
    value: "KIND",
    group: "Result",
    description:
      "Whether the heatmap covers hot places most and leaves cold ones as they are, or all alike " +
      `as other tools do (default: ${opacities[0]!.name})`,
    rule: choiceRule(opacities.map(({ name }) => name)),
  },
  {
    name: "contour",
    group: "Result",
    description: "Draw a line round the upper tenth of the map",
  },
  {
    name: "boxes",
    group: "Result",
    description: "Draw boxes round the regions of the map and print them; JSON has them too",
  },
  {
    name: "threshold",
    value: "NAME",
    group: "Result",
    description: `How a region of the map is found (default: ${thresholds[0]!.name})`,
    rule: choiceRule(thresholds.map(({ name }) => name)),
  },
  {
    name: "level",
    value: "N",
    group: "Result",
    description:
      "The threshold's number: a part of the map's maximum, or a quantile of its values (default: " +
      `${
        thresholds.flatMap(({ name, level }) =>
          level === undefined ? [] : `${level} with --threshold ${name}`
        ).join(", ")
      })`,
    rule: numberRule({ min: 0, max: 1 }),
  },
  {
    name: "min-side",
    value: "N",
    group: "Result",
    description:
      `Enlarge overlay and heatmap of small photos until the longer side has N pixels, 0 for never (default: ${smallestSide})`,
    rule: numberRule({ min: 0, max: largestSmallestSide, whole: true }),
  },
  {
    name: "max-side",
    value: "N",
    group: "Result",
    description:
      "Reduce overlay and heatmap of large photos until the longer side has N pixels (default: as large as the photo)",
    rule: numberRule({ min: 1, whole: true }),
  },
  {
    name: "json",
    group: "Result",
    description: "Print one line of JSON a photo instead of text",
  },
  {
    name: "quiet",
    short: "q",
    group: "Result",
    description: "Print errors only",
  },
  ...backendOptions,
  {
    name: "jobs",
    value: "N",
    group: "Machine",
    description:
      "Photos explained at once, each on one thread (default: 1 on all threads; one for each core where photos are many)",
    rule: numberRule({ min: 1, max: 64, whole: true }),
  },
  {
    name: "recursive",
    short: "r",
    group: "Result",
    description: "Go through the folders inside folders too",
  },
  {
    name: "skip-existing",
    group: "Result",
    description: "Pass over photos whose results are there already",
  },
];
