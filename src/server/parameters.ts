import { findColormap } from "../draw/colormaps/mod.ts";
import type { GradcamOptions } from "../explain/gradcam_options.ts";
import { checkFit } from "../input/image/fit.ts";
import { findOpacity } from "../draw/opacity.ts";
import { chooseEncoding, encodings } from "../draw/encodings/mod.ts";
import { checkSides } from "../draw/scale_photo.ts";
import { findMethod } from "../methods/mod.ts";
import { nearest } from "../base/nearest.ts";
import { cut, quote } from "../base/quote.ts";
import { readPreprocessing } from "../input/preprocess_text.ts";
import { readRange } from "../input/range_text.ts";
import { findRendering, type Rendering, renderings } from "../draw/renderings/mod.ts";
import type { EncodeOptions } from "../explain/explanation.ts";
import { Problem } from "./problem.ts";
import { inputPrefix, isInputName } from "./receive/upload.ts";

/** What the parameters of a request ask for. */
export interface ExplainParameters {
  /** What to explain, and how. */
  readonly options: GradcamOptions;
  /** How it is drawn, and how pictures are written. */
  readonly drawing: EncodeOptions;
  /** What to answer with; several make a form. */
  readonly renderings: readonly Rendering[];
}

/** What the parameters give, while they are being read. */
interface Reading {
  options: { -readonly [Key in keyof GradcamOptions]: GradcamOptions[Key] };
  drawing: { -readonly [Key in keyof EncodeOptions]: EncodeOptions[Key] };
  renderings: Rendering[];
}

function isIn<Name extends string>(names: readonly Name[], name: string): name is Name {
  return (names as readonly string[]).includes(name);
}

/** @throws {RangeError} If there is no such rendering; the formats of pictures are named too. */
function findRenderingOrFormat(name: string): Rendering {
  const rendering = renderings.find((candidate) => candidate.name === name);
  if (rendering) return rendering;
  const names = [...renderings, ...encodings].map((candidate) => candidate.name);
  throw new RangeError(
    `Unknown rendering ${quote(name)}: use one of ${nearest(name, names, names.length).join(", ")}`,
  );
}

/** How one parameter is read; a repeated one has several values. */
type Read = (reading: Reading, values: readonly string[], name: string) => void;

function single(values: readonly string[], name: string): string {
  if (values.length === 1) return values[0]!;
  throw new Problem(400, `Cannot use ${cut(name)} ${values.length} times: give it once`);
}

function number(values: readonly string[], name: string): number {
  const text = single(values, name);
  const value = Number(text);
  if (text.trim() === "" || !Number.isFinite(value)) {
    throw new Problem(400, `Cannot use ${cut(name)} ${quote(text)}: give a number`);
  }
  return value;
}

/** Numbers separated by commas. */
function numbers(values: readonly string[], name: string, wanted: string): number[] {
  const text = single(values, name);
  const found = text.split(",").map((part) => part.trim() === "" ? NaN : Number(part));
  if (found.every(Number.isFinite)) return found;
  throw new Problem(400, `Cannot use ${cut(name)} ${quote(text)}: give ${wanted}`);
}

function flag(values: readonly string[], name: string): boolean {
  const text = single(values, name);
  if (["true", "1", "on", ""].includes(text)) return true;
  if (["false", "0", "off"].includes(text)) return false;
  throw new Problem(400, `Cannot use ${cut(name)} ${quote(text)}: give true or false`);
}

const isWholeNumber = (text: string) => /^-?\d+$/.test(text);

/** The largest height or width that a model which takes any is asked to compute, in pixels. */
const largestSide = 2048;

/** The largest side that small photos are enlarged to, in pixels. */
const largestMinSide = 1024;

function readInputValues({ options }: Reading, values: readonly string[], name: string): void {
  const given = numbers(values, name, "numbers separated by commas");
  options.inputs = { ...options.inputs, [name.slice(inputPrefix.length)]: given };
}

/** All parameters, by name. A new one is one entry. */
const parameters: Readonly<Record<string, Read>> = {
  class({ options }, values) {
    options.classIndex = values.filter(isWholeNumber).map(Number);
    options.label = values.filter((value) => !isWholeNumber(value));
  },
  top({ options }, values, name) {
    options.top = number(values, name);
    if (options.top > 20) throw new Problem(400, `Cannot explain the top ${options.top}: use 20 at most`);
  },
  layer({ options }, values, name) {
    options.layer = single(values, name);
  },
  method({ options }, values, name) {
    options.method = findMethod(single(values, name)).name;
  },
  score({ options }, values, name) {
    options.score = single(values, name) as GradcamOptions["score"]; // gradcam() refuses others
  },
  relu({ options }, values, name) {
    options.relu = flag(values, name);
  },
  preprocess({ options }, values, name) {
    options.preprocess = readPreprocessing(single(values, name));
  },
  fit({ options }, values, name) {
    const fit = single(values, name);
    checkFit(fit);
    options.fit = fit;
  },
  range({ options }, values, name) {
    options.range = readRange(single(values, name));
  },
  output({ options }, values, name) {
    const text = single(values, name);
    options.output = isWholeNumber(text) ? Number(text) : text;
  },
  input({ options }, values, name) {
    const text = single(values, name);
    options.input = isWholeNumber(text) ? Number(text) : text;
  },
  size({ options }, values, name) {
    const text = single(values, name);
    const [, height, width = height] = /^(\d{1,4})(?:x(\d{1,4}))?$/i.exec(text) ?? [];
    if (height === undefined) {
      throw new Problem(400, `Cannot use ${cut(name)} ${quote(text)}: give HEIGHTxWIDTH`);
    }
    if (Number(height) > largestSide || Number(width) > largestSide) {
      throw new Problem(400, `Cannot use ${cut(name)} ${quote(text)}: use ${largestSide} at most`);
    }
    options.size = [Number(height), Number(width)];
  },
  region({ options }, values, name) {
    const [x, y, width, height, ...rest] = numbers(values, name, "x,y,width,height");
    if (height === undefined || rest.length > 0) {
      throw new Problem(400, `Cannot use ${cut(name)} ${quote(values[0])}: give x,y,width,height`);
    }
    options.region = { x: x!, y: y!, width: width!, height };
  },
  colormap({ drawing }, values, name) {
    drawing.colormap = findColormap(single(values, name)).name;
  },
  alpha({ drawing }, values, name) {
    drawing.alpha = number(values, name);
    if (drawing.alpha < 0 || drawing.alpha > 1) {
      throw new Problem(400, `Cannot use alpha ${drawing.alpha}: it is from 0 to 1`);
    }
  },
  opacity({ drawing }, values, name) {
    drawing.opacity = findOpacity(single(values, name)).name;
  },
  contour({ drawing }, values, name) {
    drawing.contour = flag(values, name);
  },
  minSide({ drawing }, values, name) {
    drawing.minSide = number(values, name);
    if (drawing.minSide > largestMinSide) {
      throw new Problem(400, `Cannot use ${cut(name)} ${drawing.minSide}: use ${largestMinSide} at most`);
    }
  },
  maxSide({ drawing }, values, name) {
    drawing.maxSide = number(values, name);
  },
  quality({ drawing }, values, name) {
    drawing.quality = number(values, name);
  },
  format(reading, values) {
    const names = [...new Set(values)];
    const formats = encodings.map(({ name }) => name);
    reading.renderings = names.filter((name) => !isIn(formats, name)).map(findRenderingOrFormat);
    const [format, ...others] = names.filter((name) => isIn(formats, name));
    if (format === undefined) return;
    if (others.length > 0) {
      throw new Problem(
        400,
        `Cannot write pictures as ${[format, ...others].join(" and ")} at once: give one of ${
          formats.join(", ")
        }`,
      );
    }
    reading.drawing.format = format;
    const isDrawn = reading.renderings.some(({ draw }) => draw);
    if (!isDrawn) reading.renderings.unshift(renderings[0]!); // it is a picture's
  },
};

/** The names of all parameters. */
export const parameterNames: readonly string[] = Object.freeze([
  ...Object.keys(parameters),
  `${inputPrefix}NAME`,
]);

function findParameter(name: string): Read | undefined {
  if (isInputName(name)) return readInputValues;
  return Object.hasOwn(parameters, name) ? parameters[name] : undefined;
}

/**
 * Read the parameters of a request.
 *
 * @param given By name; empty values count as not given, as forms send them.
 * @param prefersJson Whether the client would rather have JSON, where no format is named.
 * @throws {Problem} 400 if there is no such parameter, or it does not have such a value.
 * @throws {RangeError} As above.
 */
export function readParameters(given: URLSearchParams, prefersJson: boolean): ExplainParameters {
  const reading: Reading = { options: {}, drawing: {}, renderings: [] };
  for (const name of new Set(given.keys())) {
    const read = findParameter(name);
    if (!read) {
      throw new Problem(
        400,
        `Unknown parameter ${quote(name)}: use one of ${
          nearest(name, parameterNames, parameterNames.length).join(", ")
        }`,
      );
    }
    const values = given.getAll(name).filter((value) => value !== "" || name === "relu");
    if (values.length > 0) read(reading, values, name);
  }
  checkSides(reading.drawing);
  chooseEncoding(reading.drawing);
  if (reading.renderings.length === 0) reading.renderings = [findRendering(prefersJson ? "json" : "overlay")];
  return reading;
}
