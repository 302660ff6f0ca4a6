import { shown } from "../../base/options.ts";
import { asFields, type Fields } from "./fields.ts";

/** A size as processors of photos have it: height and width, or one side, of which the other follows. */
export type Sides =
  | { readonly height: number; readonly width: number }
  | { readonly shortest: number }
  | { readonly longest: number };

/** What sides are called. */
const sideNames = ["height", "width", "shortest_edge", "longest_edge"];

function isSide(value: unknown): value is number {
  return typeof value === "number" && Number.isInteger(value) && value > 0;
}

/** A size of one number, or of two. */
function listed(values: readonly number[], isSquare: boolean): Sides {
  const [height, width] = values;
  if (width !== undefined) return { height: height!, width };
  return isSquare ? { height: height!, width: height! } : { shortest: height! };
}

/** A size of named sides. */
function named({ height, width, shortest_edge: shortest, longest_edge: longest }: Fields): Sides | undefined {
  if (isSide(height) && isSide(width)) return { height, width };
  if (isSide(shortest)) return { shortest };
  return isSide(longest) ? { longest } : undefined;
}

/**
 * The size that a field says; `undefined` where it is left out, or says other things than sides.
 *
 * @param isSquare Whether one number is height and width; else the shorter side.
 * @throws {TypeError} If it is none.
 */
export function sidesIn(fields: Fields, name: string, isSquare: boolean): Sides | undefined {
  const value = fields[name];
  if (value === undefined) return undefined;
  const values: readonly unknown[] = [value].flat();
  if (values.length <= 2 && values.length > 0 && values.every(isSide)) return listed(values, isSquare);
  const said = asFields(value);
  if (said && !sideNames.some((side) => side in said)) return undefined; // it is of another kind, such as an upper limit
  const sides = said && named(said);
  if (sides) return sides;
  throw new TypeError(`${name} ${shown(value)} is no size: it is one number, or height and width`);
}
