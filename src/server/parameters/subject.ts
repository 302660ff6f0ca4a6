import { gridAllowed, readGrid } from "../../base/token_grid.ts";
import { listed, quote } from "../../base/quote.ts";
import type { ScoreKind } from "../../split/model.ts";
import { targets } from "../../targets/mod.ts";
import { likeName } from "../input_names.ts";
import { type Parameter, repeated, single, type ValueKind } from "../parameter.ts";
import { between, nameOrIndex, namesOf, numbers, oneOf, text, whole } from "../parameter_kinds.ts";
import { Problem } from "../problem.ts";

const scoreKinds: readonly ScoreKind[] = ["output", "logit"];

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

/** What is explained: of which model, which number, and where. */
export const subjectParameters: readonly Parameter[] = [
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
    kind: oneOf("score", scoreKinds),
    set: ({ options }, score) => options.score = score,
  }),
];
