import { quote } from "../../base/quote.ts";
import { checkFit, fitModes } from "../../input/image/window.ts";
import { readPreprocessing } from "../../input/preprocess_text.ts";
import { readRange } from "../../input/range_text.ts";
import { inputPrefix } from "../input_names.ts";
import { type Parameter, single, type ValueKind } from "../parameter.ts";
import { choice, flag, longestName, nameOrIndex, numbers, text, unusable } from "../parameter_kinds.ts";

/** The largest height or width that a model which takes any is asked to compute, in pixels. */
const largestSide = 2048;

function readFit(fit: string) {
  checkFit(fit);
  return fit;
}

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

/** What goes into the model, and comes out of it. */
export const photoParameters: readonly Parameter[] = [
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
];
