import { quote } from "./quote.ts";

/** How many rows and columns of tokens there are, as `"14x14"`, height first, or as numbers. */
export type GridSize = `${number}x${number}` | readonly [height: number, width: number];

/** How the tokens of a transformer lie on the picture: row by row, and beside them such as are of no place in it. */
export interface TokenGrid {
  /** How many rows of them there are. */
  readonly height: number;
  /** How many columns. */
  readonly width: number;
  /** How many come before them that are of no place, such as the class token. */
  readonly before: number;
  /** How many come after them. */
  readonly after: number;
}

/** How many tokens there are in all. */
export function countTokens({ height, width, before, after }: TokenGrid): number {
  return before + height * width + after;
}

/**
 * Rows and columns of a grid.
 *
 * @returns `undefined` if it is none.
 */
export function readGrid(grid: unknown): readonly [height: number, width: number] | undefined {
  if (typeof grid === "string") {
    const [, height, width] = /^\s*([1-9]\d{0,4})\s*x\s*([1-9]\d{0,4})\s*$/i.exec(grid) ?? [];
    return height === undefined ? undefined : [Number(height), Number(width)];
  }
  const isSize = (size: unknown): size is number =>
    Number.isInteger(size) && Number(size) >= 1 && Number(size) <= 99_999;
  if (!Array.isArray(grid) || grid.length !== 2 || !grid.every(isSize)) return undefined;
  return [grid[0]!, grid[1]!];
}

/** What a grid can be, to stand after "use". */
export const gridAllowed = "rows and columns such as 14x14";

/**
 * Make sure that a grid is one, and a number of tokens too.
 *
 * @throws {RangeError} If not.
 */
export function checkTokens({ grid, tokens }: { readonly grid?: unknown; readonly tokens?: unknown }): void {
  if (grid !== undefined && !readGrid(grid)) {
    throw new RangeError(`Cannot use grid ${quote(String(grid))}: use ${gridAllowed}`);
  }
  if (tokens !== undefined && !(Number.isInteger(tokens) && Number(tokens) >= 0)) {
    throw new RangeError(`Cannot leave out ${tokens} tokens: use a whole number from 0`);
  }
}
