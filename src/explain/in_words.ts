import type { ClassScore } from "./classes.ts";
import type { ExplanationRecord } from "./record.ts";
import { describeWhere } from "./where.ts";

function scored({ label, classIndex, score }: ClassScore): string {
  return `${label ?? `class ${classIndex}`} ${score.toFixed(3)}`;
}

/** An explanation in three lines: what was seen and where, how that was found out, and what else there is. */
export function inWords(explanation: ExplanationRecord): string {
  const { maps, scores, warnings, method, layer, backend, times } = explanation;
  const map = maps[0]!;
  const where = describeWhere(map, explanation) ?? `${map.diagnosis}: ${map.advice}`;
  const { height, width } = map.heatmap;
  const others = scores.filter(({ classIndex }) => classIndex !== map.classIndex).slice(0, 3).map(scored);
  const notes = warnings.length === 0 ? "" : ` · ${warnings.length} warnings`;
  return [
    `Explanation: ${scored(map)}, ${where}`,
    `  ${method} at ${layer}, ${height} × ${width} · ${backend.name} · ${Math.round(times["total"] ?? 0)} ms`,
    `  others: ${others.join(", ") || "none"}${notes}`,
  ].join("\n");
}
