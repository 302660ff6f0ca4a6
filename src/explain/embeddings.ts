import { quote } from "../base/quote.ts";

/**
 * Embeddings by what they stand for, such as those of texts: `{ "a cat": […], "a dog": […] }`. The number `logit_scale` is
 * what their cosine similarities are multiplied by before the softmax; 100, as of CLIP, if left out.
 */
export type NamedEmbeddings = Readonly<Record<string, readonly number[] | Float32Array | number>>;

/** What embeddings are read as: one, or several by name. */
export type ReadEmbeddings = Float32Array | NamedEmbeddings;

/** The name of the number among embeddings. */
export const scaleName = "logit_scale";

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
export const numberedName = "embedding ";

/** Whether embeddings have no names but their numbers. */
export function areNumbered(names: readonly string[]): boolean {
  return names.every((name, index) => name === `${numberedName}${index}`);
}
