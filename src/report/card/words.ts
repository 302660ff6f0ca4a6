import type { ClassScore } from "../../explain/classes.ts";
import { scoreText } from "../../base/score_text.ts";
import type { CardOrigin } from "./record.ts";

/** What a class is called. */
export function className({ label, classIndex }: ClassScore): string {
  return label || `class ${classIndex}`;
}

/** A class's score: in percent where it is a probability. */
export function classScore(entry: ClassScore): string {
  const share = entry.probability ?? entry.score;
  if (!(share >= 0 && share <= 1)) return scoreText(entry);
  const percent = share * 100;
  return `${
    percent < 10
      ? percent.toFixed(1)
      : percent > 99.95 || percent < 99.5
      ? Math.round(percent)
      : percent.toFixed(1)
  } %`;
}

/** What is told of how a card came about: each thing and what it is. */
export function originDetails(origin: CardOrigin): [thing: string, value: string][] {
  const details: [string, string | undefined][] = [
    ["photo", origin.photo],
    ["model", origin.model],
    ["SHA-256", origin.modelHash],
    ["method", origin.methodTitle],
    ["layer", origin.layer],
    ["score", origin.score],
    ["computed on", origin.backend],
    ...Object.entries(origin.versions),
    ["seed", String(origin.seed)],
    ["date", origin.date],
  ];
  return details.filter((detail): detail is [string, string] => detail[1] !== undefined);
}

/** What a curve's ends are called below it. */
export const ownCurve = "this map";
export const randomCurve = "a random map";
