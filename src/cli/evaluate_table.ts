import type { EvaluatedPhoto } from "../evaluate/evaluated.ts";
import type { EvaluationRow, EvaluationSummary } from "../evaluate/summary.ts";
import { table } from "./table.ts";

/** So many metrics stand beside each other; more are in a table below. */
const metricsBeside = 3;

/** How many of the best that were ranked are listed. */
const mostRanks = 10;

function number(value: number): string {
  return Math.abs(value) >= 100 ? value.toFixed(0) : value.toFixed(3);
}

function cellOf(row: EvaluationRow | undefined): string {
  if (row?.mean === undefined) return "-";
  return row.interval
    ? `${number(row.mean)} (${number(row.interval[0])} to ${number(row.interval[1])})`
    : number(row.mean);
}

/** How long a map of each place took on photos that were measured in this run, in milliseconds. */
function timesOf(photos: readonly EvaluatedPhoto[]): Map<string, number[]> {
  const times = new Map<string, number[]>();
  for (const { model, method, layer, ms } of photos.flatMap(({ maps }) => maps)) {
    const key = JSON.stringify([model, method, layer]);
    if (ms !== undefined) times.set(key, [...times.get(key) ?? [], ms]);
  }
  return times;
}

/** What each place came to by some metrics, and what a map takes, in passes and in time, where that is told here. */
function placesTable(
  { about, rows }: EvaluationSummary,
  metrics: readonly { readonly name: string; readonly better: string }[],
  times: ReadonlyMap<string, readonly number[]> | undefined,
): string {
  const several = about.models.length > 1;
  const placed = Map.groupBy(rows, ({ model, method, layer }) => JSON.stringify([model, method, layer]));
  const lines = [...placed].map(([key, own]) => {
    const { model, method, layer } = own[0]!;
    const { control = false, passes } = about.methods.find(({ name }) => name === method) ?? {};
    const taken = times?.get(key) ?? [];
    const ms = taken.reduce((sum, one) => sum + one, 0) / taken.length;
    return [
      ...several ? [model] : [],
      control ? `(${method})` : method,
      layer,
      ...metrics.map(({ name }) => cellOf(own.find(({ metric }) => metric === name))),
      ...times ? [passes === undefined ? "" : String(passes), taken.length === 0 ? "" : ms.toFixed(0)] : [],
    ];
  });
  const heading = [
    ...several ? ["MODEL"] : [],
    "METHOD",
    "LAYER",
    ...metrics.map(({ name, better }) =>
      `${name.toUpperCase()} (${better === "higher" ? "more" : "less"} is better)`
    ),
    ...times ? ["PASSES", "MS"] : [],
  ];
  return table([heading, ...lines]);
}

/** Chance by the metrics that have one. */
function chanceLine({ rows }: EvaluationSummary): string {
  const chances = new Map(
    rows.flatMap(({ metric, chance }) => chance === undefined ? [] : [[metric, chance] as const]),
  );
  return chances.size === 0
    ? ""
    : `Chance: ${[...chances].map(([metric, chance]) => `${metric} ${number(chance)}`).join(", ")}\n`;
}

function ranksTable({ about, choice }: EvaluationSummary): string {
  if (!choice) return "";
  const several = about.models.length > 1;
  const rows = choice.ranks.slice(0, mostRanks).map(({ model, method, layer, rank, first }) => [
    ...several ? [model] : [],
    about.methods.find(({ name }) => name === method)?.control ? `(${method})` : method,
    layer,
    rank.toFixed(2),
    `${(first * 100).toFixed(0)} %`,
  ]);
  return `\n${table([[...several ? ["MODEL"] : [], "METHOD", "LAYER", "MEAN RANK", "FIRST"], ...rows])}`;
}

/** An evaluation as text for a terminal: tables, ranks where they were asked for, and what may be concluded. */
export function evaluationText(summary: EvaluationSummary, photos: readonly EvaluatedPhoto[]): string {
  const { about: { metrics, confidence }, conclusions } = summary;
  const times = timesOf(photos);
  const tables = Array.from(
    { length: Math.ceil(metrics.length / metricsBeside) },
    (_, at) =>
      placesTable(
        summary,
        metrics.slice(at * metricsBeside, (at + 1) * metricsBeside),
        at === 0 ? times : undefined,
      ),
  );
  return `${tables.join("\n")}\n` +
    `Means over photos, in brackets where they lie (${
      (confidence * 100).toFixed(0)
    } %); names in brackets are controls\n` +
    chanceLine(summary) + ranksTable(summary) +
    `\n${conclusions.map((sentence) => `- ${sentence}\n`).join("")}`;
}
