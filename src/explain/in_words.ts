import { scoreText } from "../base/score_text.ts";
import type { ClassScore } from "./classes.ts";
import type { ExplanationRecord } from "./record.ts";
import { describeWhere } from "./where.ts";

function scored(entry: ClassScore, { unit }: Pick<ExplanationRecord, "unit">): string {
  const unnamed = unit === "regression" ? "regression" : `class ${entry.classIndex}`;
  return `${entry.label ?? unnamed} ${scoreText(entry)}`;
}

/** An explanation in three lines: what was seen and where, how that was found out, and what else there is. */
export function inWords(explanation: ExplanationRecord): string {
  const { maps, scores, warnings, method, layer, backend, times } = explanation;
  const map = maps[0]!;
  const what = map.target === undefined ? scored(map, explanation) : `${map.target} ${map.value?.toFixed(3)}`;
  const where = describeWhere(map, explanation) ?? `${map.diagnosis}: ${map.advice}`;
  const { height, width } = map.heatmap;
  const others = scores.filter(({ classIndex }) => classIndex !== map.classIndex).slice(0, 3)
    .map((entry) => scored(entry, explanation));
  const notes = warnings.length === 0 ? "" : ` · ${warnings.length} warnings`;
  return [
    `Explanation: ${what}, ${where}`,
    `  ${method} at ${layer}, ${height} × ${width} · ${backend.name} · ${Math.round(times["total"] ?? 0)} ms`,
    `  others: ${others.join(", ") || "none"}${notes}`,
  ].join("\n");
}
