/** The arithmetic and the tables of what clients saw. */
import type { Seen } from "./client.ts";

/** The value below which a part of them lies; `NaN` of none. */
export function percentile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)] ?? NaN;
}

/** Photos a second. */
export function rate({ ms, seconds }: Seen): number {
  return ms.length / seconds;
}

/** A table in Markdown. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

/** One measurement of throughput. */
export interface Load {
  /** How the service was run. */
  readonly way: string;
  /** Which photos were sent. */
  readonly photos: string;
  /** How many clients sent. */
  readonly clients: number;
  /** What they saw. */
  readonly seen: Seen;
}

const whole = (value: number) => Number.isFinite(value) ? value.toFixed(0) : "";

/** A row for each measurement. */
export function loadTable(loads: readonly Load[]): string {
  return table(
    ["way", "photos", "clients", "photos a second", "p50, ms", "p95, ms", "p99, ms", "503s", "wrong or lost"],
    loads.map(({ way, photos, clients, seen }) => [
      `\`${way}\``,
      photos,
      `${clients}`,
      rate(seen).toFixed(1),
      ...[0.5, 0.95, 0.99].map((part) => whole(percentile(seen.ms, part))),
      `${seen.busy}`,
      `${seen.wrong.length}`,
    ]),
  );
}
