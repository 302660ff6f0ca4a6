import type { EvaluationRow, EvaluationSummary, MetricAbout } from "../src/evaluate/summary.ts";

function cell(row: EvaluationRow | undefined): string {
  if (row?.mean === undefined) return "–";
  const range = row.interval ? ` (${row.interval.map((end) => end.toFixed(2)).join(" … ")})` : "";
  return `${row.mean.toFixed(2)}${range}`;
}

function tableOf({ about, rows }: EvaluationSummary, metrics: readonly MetricAbout[]): string {
  const places = [...Map.groupBy(rows, ({ method, layer }) => JSON.stringify([method, layer])).values()];
  const lines = places.map((own) => {
    const { method } = own[0]!;
    const isControl = about.methods.find(({ name }) => name === method)?.control ?? false;
    const cells = metrics.map(({ name }) => cell(own.find(({ metric }) => metric === name)));
    return `| ${[isControl ? `(${method})` : `\`${method}\``, ...cells].join(" | ")} |\n`;
  });
  const heading = [
    "method",
    ...metrics.map(({ title, better }) => `${title} ${better === "higher" ? "↑" : "↓"}`),
  ];
  return `| ${heading.join(" | ")} |\n|${" --- |".repeat(heading.length)}\n${lines.join("")}`;
}

/** A summary as tables in Markdown, one for each kind of metrics that has values: means with their intervals. */
export function evaluationTables(summary: EvaluationSummary): string {
  const { about, rows } = summary;
  const measured = about.metrics.filter(({ name }) =>
    rows.some(({ metric, mean }) => metric === name && mean !== undefined)
  );
  const kinds = [...Map.groupBy(measured, ({ kind }) => kind)];
  return kinds.map(([kind, metrics]) =>
    `### ${kind[0]!.toUpperCase()}${kind.slice(1)}\n\n${tableOf(summary, metrics)}`
  )
    .join("\n");
}
