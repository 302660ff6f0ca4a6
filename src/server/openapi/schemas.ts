/**
 * What answers in JSON look like, as JSON Schema. Tests hold all answers to it.
 *
 * @module
 */
import { mapScales } from "../../base/scaling.ts";
import type { Json } from "./operation.ts";

/** An object all of whose properties are there, but those that are named as optional. */
function object(properties: Readonly<Record<string, Json>>, ...optional: readonly string[]): Json {
  const required = Object.keys(properties).filter((name) => !optional.includes(name));
  return { type: "object", required, properties };
}

function listOf(items: Json): Json {
  return { type: "array", items };
}

/** What may also be `null`. */
function orNull(type: string): Json {
  return { type: [type, "null"] };
}

function to(name: string): Json {
  return { $ref: `#/components/schemas/${name}` };
}

const text: Json = { type: "string" };
const number: Json = { type: "number" };
const flag: Json = { type: "boolean" };
const count: Json = { type: "integer", minimum: 0 };

const problem: Json = {
  ...object({
    type: { const: "about:blank" },
    title: { ...text, description: "What the status is called" },
    status: { type: "integer", minimum: 400, maximum: 599 },
    detail: { ...text, description: "What failed, and after a colon what is allowed or what to do" },
    code: { ...text, description: "A short word for programs, which stays what it is" },
  }),
  description: "Problem details (RFC 9457)",
};

const heatmap: Json = {
  ...object({
    height: count,
    width: count,
    data: listOf({ type: ["number", "null"] }), // NaN is null in JSON
  }),
  description: "A map, row by row",
};

const score: Json = object(
  {
    label: { ...orNull("string"), description: "The class's name, where labels are known" },
    classIndex: count,
    score: orNull("number"),
    probability: orNull("number"),
  },
  "probability",
);

const componentMap: Json = {
  ...object({
    heatmap: to("Heatmap"),
    raw: to("Heatmap"),
    classes: {
      ...listOf(to("Score")),
      description: "The classes that its concept speaks for, best first; the scores are of the concept alone",
    },
  }),
  description: "One of the maps that the layer's activation was taken apart into",
};

const classMap: Json = object(
  {
    label: orNull("string"),
    classIndex: count,
    score: orNull("number"),
    probability: orNull("number"),
    method: text,
    value: { ...number, description: "The number that was explained, where it is no class's score" },
    target: { ...text, description: "What was explained, where it is more than the class's score" },
    relu: flag,
    scale: {
      enum: [...mapScales],
      description: "How the map was scaled: by its range, by its maximum, or with zero at 0.5",
    },
    details: { type: "object", additionalProperties: number, description: "How good the map is, by name" },
    components: {
      ...listOf(to("ComponentMap")),
      description: "Where the method takes the layer's activation apart",
    },
    heatmap: to("Heatmap"),
    raw: to("Heatmap"),
    diagnosis: { enum: ["ok", "flat", "all-negative", "saturated", "disconnected", "non-finite"] },
    advice: { ...text, description: "What to do about the diagnosis; empty if all is well" },
  },
  "probability",
  "target",
  "value",
  "details",
  "components",
);

const file: Json = object({
  mediaType: text,
  name: text,
  base64: { ...text, contentEncoding: "base64" },
});

const explanation: Json = object(
  {
    photoName: orNull("string"),
    modelName: orNull("string"),
    method: text,
    layer: {
      ...text,
      description: 'The path of the layer that the maps are of; of several, joined by " + "',
    },
    output: orNull("string"),
    unit: { enum: ["sigmoid", "logit", "regression", null] },
    probabilities: { ...flag, description: "Whether scores are probabilities, 0 to 1" },
    scoreKind: { enum: ["output", "logit"] },
    relu: flag,
    maps: { ...listOf(to("ClassMap")), minItems: 1 },
    scores: { ...listOf(to("Score")), description: "The classes with the highest scores, best first" },
    backend: { type: "object" },
    versions: { type: "object", additionalProperties: text },
    times: { type: "object", additionalProperties: number, description: "In milliseconds" },
    warnings: listOf(text),
    pixels: orNull("object"),
    photo: { ...orNull("object"), description: "The photo's height and width" },
    placement: { ...orNull("object"), description: "Where on the photo the model looked" },
    files: {
      type: "object",
      additionalProperties: to("File"),
      description: "Further formats, by their names, where they were asked for together with json",
    },
  },
  "files",
);

const shape: Json = { ...listOf(orNull("integer")), description: "Batch first; null where any size goes" };

const tensor: Json = object({ name: text, shape, dtype: text }, "dtype");

const input: Json = object(
  {
    name: text,
    shape,
    dtype: text,
    picture: { ...flag, description: "Whether it takes pictures" },
    explained: { ...flag, description: "Whether it is explained where a request does not say" },
    given: { ...flag, description: "Whether the server was told values for it" },
  },
  "dtype",
);

const layer: Json = object(
  {
    path: { ...text, description: "The name to ask for it by" },
    kind: text,
    outputShape: shape,
    parent: text,
    parameters: count,
    stride: {
      ...listOf(number),
      description: "How many rows and columns of the picture one of its own stands for",
    },
    tokens: {
      ...object({ height: count, width: count, before: count, after: count }),
      description: "How its tokens lie on the picture, where its output is tokens",
    },
  },
  "parameters",
  "stride",
  "tokens",
);

const model: Json = object(
  {
    id: text,
    name: orNull("string"),
    format: text,
    inputs: listOf(to("Input")),
    outputs: listOf(to("Tensor")),
    labels: { type: ["array", "null"], items: text },
    attention: { ...flag, description: "Whether methods whose maps lie on tokens can explain it" },
    default: { ...orNull("string"), description: "The layer that is taken where none is named" },
    reason: { ...text, description: "Why there is none" },
  },
  "reason",
);

const layers: Json = object({
  default: orNull("string"),
  suggested: {
    ...listOf(text),
    maxItems: 4,
    description: "The last layer of each resolution, the coarsest first",
  },
  layers: listOf(to("Layer")),
});

const models: Json = object({
  models: {
    ...listOf(object({
      id: text,
      default: { ...flag, description: "Whether it is explained with where a request names none" },
      open: { ...flag, description: "Whether all models have been opened" },
    })),
    minItems: 1,
  },
});

const named: Json = object({ name: text, description: text });

const preprocessing: Json = object(
  {
    name: text,
    mean: { ...listOf(number), description: "Subtracted from values of 0 to 255" },
    std: { ...listOf(number), description: "Divided by then" },
    channels: { enum: ["rgb", "bgr"] },
    fit: text,
  },
  "channels",
  "fit",
);

const setting: Json = object(
  {
    name: text,
    description: text,
    allowed: { ...text, description: "What it can be, in words" },
    choices: { ...listOf(text), description: "What it can be, where it is one of some names" },
    range: {
      ...listOf(number),
      minItems: 2,
      maxItems: 2,
      description: "The smallest and the largest number",
    },
    whole: { ...flag, description: "Whether it is a whole number" },
    default: {
      type: ["number", "string"],
      description: "What it is where nothing is said; left out where the method finds it out",
    },
  },
  "choices",
  "range",
  "whole",
  "default",
);

const method: Json = object(
  {
    name: text,
    title: text,
    description: text,
    at: { enum: ["layer", "picture", "tokens"], description: "Where its maps lie" },
    relu: { ...flag, description: "Whether values below zero are cut off where a request does not say" },
    cost: { enum: ["light", "medium", "heavy"] },
    passes: {
      ...count,
      description:
        "How many runs of the model, and ways back, a map takes at a layer of 7 x 7 cells and 1,280 channels " +
        "and a picture of 224 x 224 pixels",
    },
    settings: listOf(to("Setting")),
    within: {
      type: "object",
      additionalProperties: { type: ["number", "string"] },
      description: "Settings that keep it within maxPasses, where its own do not",
    },
  },
  "within",
);

const methods: Json = object({
  methods: listOf(to("Method")),
  maxPasses: { ...count, description: "How many runs of the model, and ways back, a request may take" },
  targets: listOf(named),
  renderings: listOf(object({ name: text, description: text, mediaType: text })),
  formats: listOf(object({ name: text, description: text, mediaType: text })),
  colormaps: listOf(named),
  opacities: listOf(object({ name: text, description: text, alpha: number })),
  fits: listOf(named),
  preprocessings: listOf(preprocessing),
});

/** All schemas of the document that do not depend on the service. */
export const schemas = {
  Problem: problem,
  Heatmap: heatmap,
  Score: score,
  ComponentMap: componentMap,
  ClassMap: classMap,
  File: file,
  Explanation: explanation,
  Tensor: tensor,
  Input: input,
  Layer: layer,
  Model: model,
  Layers: layers,
  Models: models,
  Setting: setting,
  Method: method,
  Methods: methods,
} satisfies Readonly<Record<string, Json>>;
