import { cut } from "../base/quote.ts";

/** A number as the key of a class, as Keras's index files have it. */
function isIndex(key: string): boolean {
  return /^\d+$/.test(key);
}

function nameIn(entry: unknown): string {
  // Keras's ImageNet index holds [synset, name].
  const name = Array.isArray(entry) ? entry.at(-1) : entry;
  if (typeof name === "string" || typeof name === "number") return String(name);
  throw new TypeError(`Cannot read labels: ${cut(JSON.stringify(entry))} is no name`);
}

/** The most classes that any list of names has. */
const mostLabels = 2 ** 20;

/** The names of classes in the order of their numbers. */
function inOrder(entries: readonly (readonly [index: number, name: string])[]): string[] {
  const labels: string[] = [];
  for (const [index, name] of entries) {
    if (index >= mostLabels) throw new TypeError(`Cannot read labels: there is no class ${index}`);
    labels[index] = name;
  }
  return Array.from(labels, (label) => label ?? "");
}

function parseJson(text: string): string[] | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (Array.isArray(value)) return value.map(nameIn);
  if (typeof value !== "object" || value === null) return undefined;
  const entries = Object.entries(value);
  if (entries.every(([key]) => isIndex(key))) {
    return inOrder(entries.map(([key, entry]) => [Number(key), nameIn(entry)]));
  }
  if (entries.every(([, index]) => Number.isInteger(index) && index >= 0)) {
    return inOrder(entries.map(([name, index]) => [index as number, name]));
  }
  throw new TypeError("Cannot read labels: use a list of names, or an object from index to name");
}

function linesOf(text: string): string[] {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  while (lines.at(-1) === "") lines.pop();
  return lines;
}

/**
 * Whether each line of a text begins with its index, as Teachable Machine writes labels: `0 cat`, `1 dog`.
 *
 * @param text The content of a labels file.
 */
export function areNumbered(text: string): boolean {
  const lines = linesOf(text);
  return lines.length > 0 &&
    lines.every((line, index) => line === `${index}` || line.startsWith(`${index} `));
}

/**
 * The names of the classes from the text of a labels file: a JSON array, a JSON object from index to name, as
 * Keras's ImageNet index, or from name to index, or one name a line, with or without its index before it.
 *
 * @param text The file's content.
 * @returns One name a class, in the order of the model's output.
 * @throws {TypeError} If it is JSON of another form.
 */
export function parseLabels(text: string): string[] {
  const labels = parseJson(text);
  if (labels) return labels;
  const lines = linesOf(text);
  const isNamed = lines.some((line) => line.includes(" ")); // else they are names that are numbers, such as digits
  return isNamed && areNumbered(text) ? lines.map((line, index) => line.slice(`${index} `.length)) : lines;
}
