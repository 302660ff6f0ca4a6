import type { EvaluatedPhoto } from "./evaluated.ts";
import type { EvaluationSummary } from "./summary.ts";

/** A cell as RFC 4180 has it; one that a spreadsheet would compute is made a text. */
function cell(value: string | number | undefined): string {
  if (value === undefined) return "";
  if (typeof value === "number") return String(value);
  const text = /^[=+\-@\t]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function lines(rows: readonly (readonly (string | number | undefined)[])[]): string {
  return rows.map((row) => `${row.map(cell).join(",")}\r\n`).join("");
}

/** The rows of a summary as CSV (RFC 4180), the heading first. */
export function summaryCsv({ rows }: EvaluationSummary): string {
  const heading = [
    "model",
    "method",
    "layer",
    "metric",
    "mean",
    "low",
    "high",
    "photos",
    "missing",
    "chance",
  ];
  return lines([
    heading,
    ...rows.map((
      { model, method, layer, metric, mean, interval, count, missing, chance },
    ) => [model, method, layer, metric, mean, interval?.[0], interval?.[1], count, missing, chance]),
  ]);
}

/** Every number of every map as CSV, for statistics of one's own. */
export function photosCsv(photos: readonly EvaluatedPhoto[]): string {
  const heading = ["photo", "model", "method", "layer", "class", "label", "score", "metric", "value", "why"];
  return lines([
    heading,
    ...photos.flatMap(({ photo, maps }) =>
      maps.flatMap(({ model, method, layer, classIndex, label, score, measurements }) =>
        measurements.map((
          { metric, measurement: { value, why } },
        ) => [
          photo,
          model,
          method,
          layer,
          classIndex,
          label,
          score,
          metric,
          value,
          value === undefined ? why : undefined,
        ])
      )
    ),
  ]);
}
