import { unicodeWidth } from "jsr:@std/cli@^1.0.20/unicode-width";

/**
 * Rows as text, the columns aligned.
 *
 * @param rows Cells, the heading first.
 */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => unicodeWidth(row[column] ?? "")))
  );
  const line = (row: readonly string[]) =>
    row.map((cell, column) => cell + " ".repeat(widths[column]! - unicodeWidth(cell))).join("  ");
  return rows.map((row) => `${line(row).trimEnd()}\n`).join("");
}
