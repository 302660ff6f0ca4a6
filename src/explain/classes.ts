import { ClassNotFoundError } from "../base/errors.ts";
import { nearest } from "../base/nearest.ts";
import { cut, listed, quote } from "../base/quote.ts";

/** A class and its score. */
export interface ClassScore {
  /** The index in the model's output, from 0. */
  readonly classIndex: number;
  /** Its name, where the labels are known. */
  readonly label: string | undefined;
  /** The model's own output for it, after softmax or sigmoid where the model has one. */
  readonly score: number;
  /** The probability that the score stands for, 0 to 1, where it is the logit of one unit; left out elsewhere. */
  readonly probability?: number | undefined;
}

/** Which classes to explain. */
export interface ClassWish {
  /** By index, from 0. */
  readonly classIndex?: number | string | readonly (number | string)[] | undefined;
  /** By name. */
  readonly label?: string | readonly string[] | undefined;
}

/** The highest scores, best first; equal ones in the order of their classes. */
export function topScores(
  scores: ArrayLike<number>,
  count: number,
  labels: readonly string[] | undefined,
): ClassScore[] {
  const best: number[] = []; // classes, best first; hardly any of a thousand need to be compared with more than the last
  for (let classIndex = 0; classIndex < scores.length; classIndex++) {
    if (best.length === count && !isBetter(scores[classIndex]!, scores[best.at(-1)!]!)) continue;
    const place = best.findIndex((other) => isBetter(scores[classIndex]!, scores[other]!));
    best.splice(place < 0 ? best.length : place, 0, classIndex);
    if (best.length > count) best.pop();
  }
  return best.map((classIndex) => ({ classIndex, label: labels?.[classIndex], score: scores[classIndex]! }));
}

/** Whether a score is higher than another; what is no number is lowest. */
function isBetter(score: number, other: number): boolean {
  return score > other || (Number.isNaN(other) && !Number.isNaN(score));
}

function asList<T>(value: T | readonly T[] | undefined): readonly T[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value as T];
}

function indexOfLabel(
  label: string,
  labels: readonly string[] | undefined,
  classes: number | undefined,
): number {
  if (!labels && classes === 1) {
    throw new ClassNotFoundError(
      `Cannot find class ${
        quote(label)
      }: the model gives one number without a label, as a regression does: ` +
        "leave the class out, or give the labels of two classes",
    );
  }
  if (!labels) {
    throw new ClassNotFoundError(
      `Cannot find class ${quote(label)}: the model has no labels: give its index, or a labels file`,
    );
  }
  const wanted = label.toLowerCase();
  const index = labels.findIndex((candidate) => candidate.toLowerCase() === wanted);
  if (index >= 0) return index;
  throw new ClassNotFoundError(
    `Cannot find class ${quote(label)}: the nearest are ${listed(nearest(label, labels))}`,
  );
}

/**
 * Make sure that a model has the classes of some indices.
 *
 * @param indices From 0.
 * @param classes How many classes it has; `undefined` where that is not known yet.
 * @param labels Their names, where they are known.
 * @throws {RangeError} If it has not.
 */
export function checkClasses(
  indices: readonly number[],
  classes: number | undefined,
  labels?: readonly string[],
): void {
  const wrong = indices.find((index) =>
    !Number.isInteger(index) || index < 0 || index >= (classes ?? Infinity)
  );
  if (wrong === undefined) return;
  const known = classes === undefined
    ? "classes are counted from 0"
    : `the model has classes 0 to ${classes - 1}${classes === 1 ? ", for it gives one number" : ""}`;
  throw new RangeError(`Cannot explain class ${nameWithIndex(wrong, labels)}: ${known}`);
}

/**
 * The indices of the classes that were asked for, as often as they were; none if none was.
 *
 * @param wish By index or name.
 * @param classes How many classes the model has, where that is known.
 * @param labels Their names, where they are known.
 * @throws {RangeError} If an index is out of range.
 * @throws {ClassNotFoundError} If no class bears a name.
 */
export function wantedClasses(
  wish: ClassWish,
  classes: number | undefined,
  labels: readonly string[] | undefined,
): number[] {
  const indices = asList(wish.classIndex).map(Number);
  checkClasses(indices, classes);
  const named = asList(wish.label).map((label) => indexOfLabel(label, labels, classes));
  checkClasses(named, classes, labels); // there may be more names than classes
  return [...indices, ...named];
}

/**
 * The names of the classes in their order.
 *
 * @param labels As the model or the user gives them.
 * @param binary Whether the output is one unit that stands for two classes: class 0 is the unit's own, class 1 its
 * opposite. Of two labels the second is the unit's, as Keras numbers them; a single one is the unit's.
 */
export function classNames(
  labels: readonly string[] | undefined,
  binary: boolean,
): readonly string[] | undefined {
  if (!binary || !labels || labels.length === 0 || labels.length > 2) return labels;
  return labels.length === 2 ? [labels[1]!, labels[0]!] : [labels[0]!, `not ${labels[0]}`];
}

/** What the user should know of labels that are not as many as there are classes. */
export function labelWarnings(labels: readonly string[] | undefined, classes: number): string[] {
  if (!labels || labels.length === classes) return [];
  return [`There are ${labels.length} labels for ${classes} classes: names may be wrong`];
}

function nameWithIndex(index: number, labels: readonly string[] | undefined): string {
  return `${index}${labels?.[index] ? ` (${cut(labels[index])})` : ""}`;
}

/** What the user should know of classes that were asked for more than once. */
export function repeatWarnings(indices: readonly number[], labels: readonly string[] | undefined): string[] {
  const repeated = new Set(indices.filter((index, at) => indices.indexOf(index) < at));
  return [...repeated].map((index) => {
    return `Class ${nameWithIndex(index, labels)} was asked for more than once: it is explained once`;
  });
}
