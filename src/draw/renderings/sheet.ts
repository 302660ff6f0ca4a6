import type { Title } from "./title.ts";
import { methods } from "../../methods/mod.ts";
import type { SheetCell, SheetRow } from "../sheet.ts";
import { type Drawable, type DrawnMap, photoOf, type RenderOptions } from "./rendering.ts";
import { detailsOf, numberOf, titleOf } from "./title.ts";

/** What a method is called in print. */
export function methodTitle(name: string): string {
  return methods.find((method) => method.name === name)?.title ?? name;
}

/** A time for people. */
function timeText(milliseconds: number): string {
  return milliseconds < 1000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(1)} s`;
}

/** Maps of one class or target, by the name of their method. */
type MapsByMethod = Map<string, DrawnMap>;

/** The maps of each class or target; another row begins where a method has made two of it. */
function rowsOf(maps: readonly DrawnMap[]): MapsByMethod[] {
  const rows: { readonly key: string; readonly maps: MapsByMethod }[] = [];
  for (const map of maps) {
    const key = `${map.classIndex} ${map.target ?? ""}`;
    let row = rows.find((one) => one.key === key && !one.maps.has(map.method));
    if (!row) rows.push(row = { key, maps: new Map() });
    row.maps.set(map.method, map);
  }
  return rows.map(({ maps }) => maps);
}

/** How long a method took: for all classes together, so that it is said once. */
function timeOf({ times }: Drawable, method: string, isFirst: boolean, isOnly: boolean): string[] {
  const time = times[method];
  if (time === undefined || !isFirst) return [];
  return [isOnly ? timeText(time) : `${timeText(time)} in all`];
}

/** How the maps came about, as far as it is the same for all. */
function sharedDetails(
  explanation: Drawable,
  options: RenderOptions,
  isOnlyRow: boolean,
): [string, string][] {
  const { maps } = explanation;
  const told = maps.map((map) => detailsOf(explanation, map, options));
  const isShared = ([thing, value]: readonly [string, string]) =>
    thing !== "method" && (thing !== "class" || isOnlyRow) &&
    told.every((details) => details.some(([other, its]) => other === thing && its === value));
  return told[0]!.filter(isShared);
}

const photoCell: SheetCell = { name: "photo", facts: [] };

function cellOf(map: DrawnMap, time: readonly string[]): SheetCell {
  const score = numberOf(map);
  return { map, name: methodTitle(map.method), facts: [[score, ...time].join(" · "), score] };
}

/** How many pictures stand in a row at most, where there is one class. */
const mostInRow = 6;

/** The photo and the maps of one class, in as many rows as they need, about equally long. */
function brokenRows(maps: readonly (SheetCell | undefined)[]): SheetRow[] {
  const cells = [photoCell, ...maps];
  const rows = Math.ceil(cells.length / mostInRow);
  const length = Math.ceil(cells.length / rows);
  return Array.from({ length: rows }, (_, row) => ({ cells: cells.slice(row * length, (row + 1) * length) }));
}

/**
 * All maps of an explanation as one sheet: a row for each class or target, a column for each method; those of
 * one class in several rows where they are many.
 *
 * @throws {TypeError} If a tensor was explained.
 */
export async function drawSheet(explanation: Drawable, options: RenderOptions) {
  const { renderSheet } = await import("../sheet.ts"); // which text and its fonts belong to
  const { maps, unit, placement } = explanation;
  const columns = [...new Set(maps.map(({ method }) => method))];
  const grouped = rowsOf(maps);
  const isOnly = grouped.length === 1;
  const titles: Title[] = grouped.map((row) => titleOf([...row.values()][0]!, unit));
  const cells = grouped.map((row, at) =>
    columns.map((method): SheetCell | undefined => {
      const map = row.get(method);
      return map && cellOf(map, timeOf(explanation, method, at === 0, isOnly));
    })
  );
  const rows = isOnly ? brokenRows(cells[0]!) : cells.map((row, at): SheetRow => ({
    title: titles[at],
    cells: [at === 0 ? photoCell : undefined, ...row],
  }));
  return await renderSheet(photoOf(explanation), rows, {
    ...options,
    placement,
    title: isOnly ? titles[0] : undefined,
    details: sharedDetails(explanation, options, isOnly),
  });
}
