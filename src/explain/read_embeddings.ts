import { ImageError } from "../base/errors.ts";
import { isNestedTooDeep } from "../base/nesting.ts";
import { isNpy, readNpy } from "../base/read_npy.ts";
import { isNamedEmbeddings, numberedName, type ReadEmbeddings, scaleName, vectorOf } from "./embeddings.ts";

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
