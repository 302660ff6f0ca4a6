import { isNestedTooDeep } from "../base/nesting.ts";
import { ImageError } from "../base/errors.ts";
import { quote } from "../base/quote.ts";
import { isNpy, readNpy } from "../base/read_npy.ts";

/**
 * Embeddings by what they stand for, such as those of texts: `{ "a cat": […], "a dog": […] }`. The number `logit_scale` is
 * what their cosine similarities are multiplied by before the softmax; 100, as of CLIP, if left out.
 */
export type NamedEmbeddings = Readonly<Record<string, readonly number[] | Float32Array | number>>;

/** What embeddings are read as: one, or several by name. */
export type ReadEmbeddings = Float32Array | NamedEmbeddings;

/** The name of the number among embeddings. */
const scaleName = "logit_scale";

/** What CLIP's similarities are multiplied by. */
const usualScale = 100;

/** Classes that embeddings stand for. */
export interface EmbeddedClasses {
  /** Their names. */
  readonly names: readonly string[];
  /** An embedding each. */
  readonly vectors: readonly Float32Array[];
  /** What similarities are multiplied by. */
  readonly scale: number;
}

/** Whether something are the numbers of one embedding. */
export function isEmbedding(like: unknown): like is readonly number[] | Float32Array {
  return Array.isArray(like) || like instanceof Float32Array;
}

/** Whether something are embeddings by name. */
export function isNamedEmbeddings(like: unknown): like is NamedEmbeddings {
  if (typeof like !== "object" || like === null) return false;
  const prototype: unknown = Object.getPrototypeOf(like);
  const values = Object.values(like);
  return (prototype === Object.prototype || prototype === null) && values.some(isEmbedding) &&
    Object.entries(like).every(([name, value]) => isEmbedding(value) || name === scaleName);
}

/** Whether something are several embeddings by name, so that each is a class. */
export function areClasses(like: unknown): boolean {
  return isNamedEmbeddings(like) && Object.values(like).filter(isEmbedding).length > 1;
}

/** @throws {RangeError} If it is no number above 0. */
function scaleOf({ [scaleName]: scale = usualScale }: NamedEmbeddings): number {
  if (typeof scale === "number" && scale > 0 && Number.isFinite(scale)) return scale;
  throw new RangeError(`Cannot use ${scaleName} ${quote(scale)}: use a number above 0`);
}

/**
 * The numbers of an embedding.
 *
 * @throws {RangeError} If there are none, or one is no number.
 */
export function vectorOf(values: readonly number[] | Float32Array, name: string): Float32Array {
  const vector = Float32Array.from(values);
  if (vector.length > 0 && vector.every(Number.isFinite)) return vector;
  throw new RangeError(`Cannot use ${name}: give one or more numbers`);
}

/**
 * Embeddings by name, checked.
 *
 * @throws {RangeError} If they are not equally long, or hold other things than numbers.
 */
export function classesOf(embeddings: NamedEmbeddings): EmbeddedClasses {
  const named = Object.entries(embeddings).filter(([, value]) => isEmbedding(value));
  const names = named.map(([name]) => name);
  const vectors = named.map(([name, value]) =>
    vectorOf(value as Float32Array, `the embedding ${quote(name)}`)
  );
  const [first] = vectors;
  const other = vectors.findIndex(({ length }) => length !== first!.length);
  if (other < 0) return { names, vectors, scale: scaleOf(embeddings) };
  throw new RangeError(
    `Cannot compare embeddings of ${first!.length} and ${vectors[other]!.length} numbers (${
      quote(names[0])
    }, ${quote(names[other])}): give equally long ones`,
  );
}

/** How embeddings without names are called. */
const numberedName = "embedding ";

/** Whether embeddings have no names but their numbers. */
export function areNumbered(names: readonly string[]): boolean {
  return names.every((name, index) => name === `${numberedName}${index}`);
}

/** Rows as embeddings, which have no names of their own. */
function asNamed(rows: readonly (readonly number[] | Float32Array)[]): ReadEmbeddings {
  if (rows.length === 1) return vectorOf(rows[0]!, "the embedding");
  return Object.fromEntries(rows.map((row, index) => [`${numberedName}${index}`, row]));
}

/** Embeddings of NumPy's: a row each. */
function fromNpy(bytes: Uint8Array): ReadEmbeddings {
  const { data, shape } = readNpy(bytes);
  const length = shape.at(-1) ?? 0;
  const isRows = shape.length >= 1 && shape.slice(0, -2).every((count) => count === 1) && length > 0;
  if (!isRows) {
    throw new TypeError(`it is an array of ${shape.join(" × ") || "no"} numbers, not of embeddings`);
  }
  const rows = Array.from(
    { length: data.length / length },
    (_, row) => data.slice(row * length, (row + 1) * length),
  );
  if (rows.length === 0) throw new TypeError("it holds no embedding");
  return asNamed(rows);
}

/** Whether a value is a list of numbers. */
function isNumbers(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.length > 0 && value.every((one) => typeof one === "number");
}

/** A list within a list of one, as embeddings are that come in a batch. */
function withoutBatch(value: unknown): unknown {
  return Array.isArray(value) && value.length === 1 && Array.isArray(value[0]) ? value[0] : value;
}

/** Embeddings of JSON: a list of numbers, a list of those, or those by name. */
function fromJson(bytes: Uint8Array): ReadEmbeddings {
  const json: unknown = JSON.parse(new TextDecoder().decode(bytes));
  if (isNumbers(json)) return vectorOf(json, "the embedding");
  if (Array.isArray(json) && json.length > 0 && json.every(isNumbers)) return asNamed(json);
  if (!Array.isArray(json) && !isNestedTooDeep(json)) {
    const named = Object.fromEntries(
      Object.entries(json as object).map(([name, value]) => [name, withoutBatch(value)]),
    );
    const isRight = ([name, value]: [string, unknown]) => isNumbers(value) || name === scaleName;
    if (isNamedEmbeddings(named) && Object.entries(named).every(isRight)) return named;
  }
  throw new TypeError(
    'it is neither a list of numbers nor embeddings by name, such as { "a cat": [0.1, …] }',
  );
}

/** Whether a text begins as lists and objects of JSON do, with a mark of its encoding or without. */
function beginsAsJson(bytes: Uint8Array): boolean {
  return /^(\xef\xbb\xbf)?\s*[[{]/.test(new TextDecoder("latin1").decode(bytes.subarray(0, 256)));
}

/** Embeddings in a file, which is known by its content. */
const readers: readonly { matches(bytes: Uint8Array): boolean; read(bytes: Uint8Array): ReadEmbeddings }[] = [
  { matches: isNpy, read: fromNpy },
  { matches: beginsAsJson, read: fromJson },
];

/**
 * The embeddings that a file holds.
 *
 * @param bytes Its content.
 * @param name How messages name it, quotes included.
 * @returns `undefined` where it is of another kind, such as a photo.
 * @throws {ImageError} If it is a file of NumPy's or of JSON, but holds no embeddings.
 */
export function readEmbeddings(bytes: Uint8Array, name: string): ReadEmbeddings | undefined {
  const reader = readers.find(({ matches }) => matches(bytes));
  try {
    return reader?.read(bytes);
  } catch (error) {
    throw new ImageError(`Cannot read an embedding from ${name}: ${(error as Error).message.split("\n")[0]}`);
  }
}
