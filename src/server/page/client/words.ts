import { peak } from "../../../base/heatmap.ts";
import { heatmapOf } from "./drawing.ts";
import type { PlainClassMap, PlainExplanation, PlainScore } from "./state/answers.ts";

/** What a class is called. */
export function classNameOf(
  { label, classIndex }: Pick<PlainScore, "label" | "classIndex">,
  unit: string | null = null,
): string {
  return label || (unit === "regression" ? "the number" : `class ${classIndex}`);
}

/** What scores are: probabilities, or numbers of any kind. */
export type ScoresAbout = Pick<PlainExplanation, "probabilities">;

/** The probability that a score stands for, where it does. */
export function shareOf(
  { score, probability }: PlainScore,
  { probabilities }: ScoresAbout,
): number | undefined {
  return probability ?? (probabilities ? score : undefined);
}

/** A part of 1 in per cent. */
export function percent(share: number): string {
  if (share > 0 && share < 0.001) return "< 0.1 %";
  const value = share * 100;
  return `${share < 1 && value > 99.9 ? "> 99.9" : value.toFixed(value < 10 ? 1 : 0)} %`;
}

/** A score for people: in per cent where it is a probability, else as it is. */
export function scoreOf(score: PlainScore, about: ScoresAbout): string {
  const share = shareOf(score, about);
  return share === undefined ? score.score.toFixed(3) : percent(share);
}

/** A number of a map before it was scaled. */
export function rawNumber(value: number): string {
  if (!Number.isFinite(value)) return "?";
  const size = Math.abs(value);
  const text = size !== 0 && (size < 0.0001 || size >= 10_000)
    ? value.toExponential(1)
    : Number(value.toPrecision(3)).toString();
  return text.replaceAll("-", "−");
}

const third = (part: number, names: readonly [string, string, string]) =>
  names[Math.min(Math.floor(part * 3), 2)]!;

/** Where on the picture a map is strongest, in words. */
export function placeOf({ heatmap }: PlainClassMap): string {
  const { x, y } = peak(heatmapOf(heatmap));
  const [down, across] = [third(y, ["top", "middle", "bottom"]), third(x, ["left", "centre", "right"])];
  if (down === "middle") return across === "centre" ? "in the centre" : `at the ${across}`;
  return across === "centre" ? `at the ${down}` : `at the ${down} ${across}`;
}

/** What a map is of: a class, or what was explained instead of its score. */
export function subjectOf(map: PlainClassMap, unit: string | null): string {
  return map.target ?? classNameOf(map, unit);
}

/** What is seen, in a sentence. */
export function sayShown(explanation: PlainExplanation): string {
  const map = explanation.maps[0]!;
  const name = subjectOf(map, explanation.unit);
  return `Where the network looked for ${name} (${scoreOf(map, explanation)}): strongest ${placeOf(map)}`;
}
