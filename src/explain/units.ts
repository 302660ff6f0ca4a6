import { LayerNotFoundError } from "../base/errors.ts";
import { quote } from "../base/quote.ts";
import type { ExplainableModel, SplitModel, UnitReading } from "../split/model.ts";
import { classNames } from "./classes.ts";

/** What tells whether an output of one unit may be the logit of two classes. */
export interface UnitLabels {
  /** The names of the classes, as the caller gives them. */
  readonly given?: readonly string[] | undefined;
  /** The index of the output. */
  readonly output: number;
}

/**
 * Whether the names of classes say that an output has two, should it be one unit. Those of the model are another
 * output's where that has two scores.
 */
export function areTwoClasses(
  { labels, outputs }: Pick<ExplainableModel, "labels" | "outputs">,
  { given, output }: UnitLabels,
): boolean {
  if (given) return given.length === 2;
  return labels?.length === 2 &&
    !outputs.some(({ shape }, index) => index !== output && shape.at(-1) === 2);
}

/** How far the sum of probabilities may be from 1, as numbers are rounded. */
const sumTolerance = 1e-3;

/** Whether a model's scores are probabilities: behind a softmax or a sigmoid, or in any other way parts that add up to 1. */
export function areProbabilities(
  { finalActivation, unit }: Pick<SplitModel, "finalActivation" | "unit">,
  scores: ArrayLike<number>,
): boolean {
  if (finalActivation !== undefined) return true;
  const all = Array.from(scores);
  const isWhole = Math.abs(all.reduce((sum, score) => sum + score, 0) - 1) <= sumTolerance;
  return unit === undefined && all.length > 1 && isWhole && all.every((score) => score >= 0 && score <= 1);
}

/** The probability that a class's score stands for, where it is the logit of one unit: σ(score). */
export function probabilityOf({ unit }: Pick<SplitModel, "unit">, score: number): {
  readonly probability?: number;
} {
  return unit === "logit" ? { probability: 1 / (1 + Math.exp(-score)) } : {};
}

/** How each kind of unit is read, for people; `names` are those of class 0, the unit's own, and of its opposite. */
const descriptions: Readonly<Record<UnitReading, (names: readonly string[] | undefined) => string>> = {
  sigmoid: (names) =>
    names?.length === 2
      ? `one sigmoid unit: class 0 is its own, ${quote(names[0])}, class 1 the opposite, ${quote(names[1])}`
      : "one sigmoid unit: class 0 is its own, class 1 the opposite; of two labels the second is the unit's",
  logit: (names) =>
    `one logit: above 0 it is ${
      quote(names?.[0])
    }, the second label, as Keras numbers classes (class 0 here); ` +
    `below 0 ${quote(names?.[1])} (class 1)`,
  regression: () => "one number, a regression",
};

/** What a number may be where the labels of two classes are given. */
const maybeLogit = "with two labels it is read as a logit, above 0 the second, as Keras numbers classes";

/** An output of one unit. */
export interface ListedUnit {
  /** The output's name. */
  readonly output: string;
  /** How it is read. */
  readonly unit: UnitReading;
  /** The names of its classes in their order, where they are known. */
  readonly classes: readonly string[] | undefined;
  /** The same for people. */
  readonly description: string;
}

/** The outputs of a model that are one unit each, and how they are read; none where no map can be taken. */
export function listUnits(model: ExplainableModel): ListedUnit[] {
  try {
    return model.outputs.flatMap(({ name }, output) => {
      const { unit, binary } = model.split(undefined, {
        output,
        twoClasses: areTwoClasses(model, { output }),
      });
      if (!unit) return [];
      const classes = classNames(model.labels, binary);
      const mayBeLogit = unit === "regression" &&
        model.split(undefined, { output, twoClasses: true }).unit === "logit";
      const said = descriptions[unit](classes);
      return [{ output: name, unit, classes, description: mayBeLogit ? `${said}; ${maybeLogit}` : said }];
    });
  } catch (error) {
    if (error instanceof LayerNotFoundError) return [];
    throw error;
  }
}

/** What the user should know of how an output of one unit was read: that a number is a logit is no more than likely. */
export function unitWarnings(
  { unit }: Pick<SplitModel, "unit">,
  names: readonly string[] | undefined,
): string[] {
  if (unit !== "logit" || !names) return [];
  return [
    `The model gives one number without an activation for two labels: it is read as the logit of ${
      quote(names[0])
    }, ` +
    `the second, as Keras numbers classes; below 0 it is ${quote(names[1])}`,
  ];
}
