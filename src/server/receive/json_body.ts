import { shown } from "../../base/options.ts";
import { cut } from "../../base/quote.ts";
import { isNamedEmbeddings } from "../../explain/embeddings.ts";
import type { PhotoBytes } from "../engine/mod.ts";
import { inputPrefix, likeName } from "../input_names.ts";
import type { Limits } from "../limits.ts";
import type { JsonKind, Parameter } from "../parameter.ts";
import { findParameter } from "../parameters.ts";
import { Problem } from "../problem.ts";
import { decodeBase64 } from "./base64.ts";
import {
  addValue,
  type BodyContent,
  checkFieldCount,
  checkFieldLength,
  type GivenPhoto,
  photoName,
} from "./given.ts";
import { JsonError, LongText, readJson } from "./json_text.ts";
import type { Place } from "./receiving.ts";

/** How deep objects and arrays lie in each other at most: the body, its inputs, an input's numbers. */
const maxDepth = 3;

/** How many bytes there may be besides texts for each byte of a field: each number with a comma and spaces. */
const otherShare = 10;

/** What a value may be, and how it stands in a URL; a list's numbers are joined. */
const asText: Readonly<Record<JsonKind, (value: unknown, separator: string) => string | undefined>> = {
  number: (value) => typeof value === "number" ? String(value) : undefined,
  boolean: (value) => typeof value === "boolean" ? String(value) : undefined,
  text: (value) => typeof value === "string" ? value : undefined,
  numbers: (value, separator) =>
    Array.isArray(value) && value.length > 0 && value.every((one) => typeof one === "number")
      ? value.join(separator)
      : undefined,
};

/** What each of them is called. */
const called: Readonly<Record<JsonKind, string>> = {
  number: "a number",
  boolean: "true or false",
  text: "a text",
  numbers: "an array of numbers",
};

function invalid(detail: string, code = "json-invalid"): Problem {
  return new Problem(400, detail, {}, code);
}

function unusable(name: string, value: unknown, wanted: string): Problem {
  const what = value instanceof LongText ? "a long text" : shown(value);
  return invalid(`Cannot use ${cut(name)} ${what}: give ${wanted}`, "bad-parameter");
}

/** The one value of a parameter as a text. */
function textOf(value: unknown, { accepts, separator }: Parameter, name: string, limits: Limits): string {
  const found = accepts.map((kind) => asText[kind](value, separator)).find((text) => text !== undefined);
  if (found === undefined || found === "") {
    if (value instanceof LongText) checkFieldLength(name, value.bytes.length, limits);
    throw unusable(name, value, accepts.map((kind) => called[kind]).join(" or "));
  }
  checkFieldLength(name, found.length, limits);
  return found;
}

/** The values of a parameter as texts. */
function textsOf(value: unknown, parameter: Parameter, name: string, limits: Limits): string[] {
  const values = parameter.repeats && Array.isArray(value) && value.length > 0 ? value : [value];
  return values.map((one) => textOf(one, parameter, name, limits));
}

function isText(value: unknown): value is string | LongText {
  return typeof value === "string" || value instanceof LongText;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof LongText);
}

/** A file in base64. */
async function fileOf(text: string | LongText, name: string, place: Place): Promise<PhotoBytes> {
  const length = text instanceof LongText ? text.bytes.length : text.length;
  place.hold(Math.ceil(length / 4) * 3);
  const bytes = await decodeBase64(text);
  if (!bytes) throw unusable(name, text, "base64, or a data: URL of it");
  if (bytes.length === 0) throw invalid(`Cannot use ${cut(name)}: it is empty`, "photo-missing");
  return { bytes, name: undefined };
}

/** The photo: base64, where it lies, or the id of one that was kept. */
async function photoOf(photo: unknown, place: Place): Promise<GivenPhoto> {
  if (isText(photo)) return { file: await fileOf(photo, photoName, place) };
  if (isObject(photo) && Object.keys(photo).length === 1) {
    const { url, id } = photo;
    if (typeof url === "string") return { url };
    if (typeof id === "string") return { id };
  }
  throw unusable(photoName, photo, 'base64, { "url" } or { "id" }');
}

/** What goes into other inputs: numbers are parameters, texts are files in base64. */
async function readInputs(
  inputs: unknown,
  given: Map<string, string[]>,
  limits: Limits,
  place: Place,
): Promise<Record<string, PhotoBytes>> {
  if (!isObject(inputs)) {
    throw unusable("inputs", inputs, "an object of numbers or base64 by the names of inputs");
  }
  const photos: [string, PhotoBytes][] = [];
  for (const [input, value] of Object.entries(inputs)) {
    const name = `${inputPrefix}${input}`;
    if (isText(value)) photos.push([input, await fileOf(value, name, place)]);
    else addValue(given, name, textOf(value, numbersOf(name), name, limits));
  }
  return Object.fromEntries(photos);
}

/** The photo to be like as a file in base64, or embeddings by name as one of JSON; `undefined` where it is numbers. */
async function likeFileOf(like: unknown, place: Place): Promise<PhotoBytes | undefined> {
  if (isText(like)) return await fileOf(like, likeName, place);
  if (!isObject(like)) return undefined;
  if (!isNamedEmbeddings(like)) {
    throw unusable(likeName, like, "arrays of numbers by name, an array of numbers, or a photo in base64");
  }
  const bytes = new TextEncoder().encode(JSON.stringify(like));
  place.hold(bytes.length);
  return { bytes, name: undefined };
}

/** A parameter that may be a photo too, of numbers alone: a text is a file. */
function numbersOf(name: string): Parameter {
  return { ...findParameter(name), accepts: ["number", "numbers"] };
}

async function parse(body: Uint8Array<ArrayBuffer>, { maxFields, maxFieldBytes }: Limits): Promise<unknown> {
  try {
    return await readJson(body, {
      longText: maxFieldBytes,
      maxDepth,
      maxTexts: 4 * maxFields,
      maxOther: otherShare * maxFieldBytes,
    });
  } catch (error) {
    throw error instanceof JsonError ? invalid(`Cannot read the JSON: ${error.message}`) : error;
  }
}

/**
 * Read a body of JSON: the photo, photos for other inputs, and parameters.
 *
 * @throws {Problem} 400 if it is no such JSON.
 */
export async function readJsonBody(
  body: Uint8Array<ArrayBuffer>,
  limits: Limits,
  place: Place,
): Promise<BodyContent> {
  const json = await parse(body, limits);
  if (!isObject(json)) throw invalid('Cannot use the JSON: give an object with a "photo"');
  const { [photoName]: photo, inputs, [likeName]: like, ...rest } = json;
  checkFieldCount(Object.keys(rest).length, "the JSON", limits);
  const given = new Map<string, string[]>();
  for (const [name, value] of Object.entries(rest)) {
    given.set(name, textsOf(value, findParameter(name), name, limits));
  }
  const likePhoto = await likeFileOf(like, place);
  if (!likePhoto && like !== undefined) {
    given.set(likeName, [textOf(like, numbersOf(likeName), likeName, limits)]);
  }
  const photos = inputs === undefined ? {} : await readInputs(inputs, given, limits, place);
  return {
    photo: photo === undefined ? undefined : await photoOf(photo, place),
    photos,
    like: likePhoto,
    parameters: given,
    without: `Cannot find the photo: give "${photoName}" as base64, { "url" } or { "id" }`,
  };
}
