import { countTokens, type TokenGrid } from "../base/token_grid.ts";
import type { Shape } from "./model.ts";
import type { Stride } from "./strides.ts";

/** A value of a model, as far as tokens go. */
export interface TokenValue {
  readonly id: string;
  /** The ids it is computed from, in order; `undefined` for what is a constant. */
  readonly inputs: readonly (string | undefined)[];
  /** The layer's class or the node's operation. */
  readonly kind: string;
  /** Its shape, batch first, where it is known. */
  readonly shape: Shape | undefined;
  /** The shapes of what it is computed from, in the same order, where they are known. */
  readonly inputShapes: readonly (Shape | undefined)[];
  /** Along which axis it joins what it takes, where it does so and no shape tells. */
  readonly axis?: number | undefined;
}

/** Where a value's rows and columns or tokens lie on the picture. */
export interface TokenPlace {
  /** For tokens. */
  readonly tokens?: TokenGrid | undefined;
  /** How many rows and columns of the picture one of them stands for. */
  readonly stride: Stride;
}

/** The grid that the values before one have. */
interface Known {
  readonly grid: TokenGrid;
  readonly stride: Stride;
  /** Whether the value itself lies on it; else it was only computed of one that does. */
  readonly isHeld: boolean;
}

/** What gives its input another shape or order; it brings no further tokens. */
const rearranging = /reshape|permute|transpose|flatten|squeeze|expand_?dims/i;

const joining = /^(concat(enate|v2|enation)?|append|hstack|vstack)$/i;

/** Whether a shape is one picture's or one sequence's. */
function isOfOne([batch]: Shape): boolean {
  return batch === null || batch === 1;
}

/** What makes pictures coarser, and leaves over a part of a step at their edges. */
const shrinking = /conv|pool/i;

/** By which factor a grid was made coarser on both sides, a whole one where nothing is known to shrink it, if it was. */
function coarserBy({ height, width }: TokenGrid, { shape, kind }: TokenValue): number | undefined {
  const [, h, w] = shape!;
  if (!h || !w) return undefined;
  if (height % h === 0 && width % w === 0 && height / h === width / w) return height / h;
  const factor = Math.round(height / h);
  return shrinking.test(kind) && factor >= 1 && factor === Math.round(width / w) ? factor : undefined;
}

/** The grid that a value goes on from: of what it takes the one that lies on a grid itself, else the finest known. */
function goOnFrom(inputs: TokenValue["inputs"], known: ReadonlyMap<string, Known>): Known | undefined {
  const all = inputs.flatMap((id) => (id !== undefined && known.get(id)) || []);
  return all.find(({ isHeld }) => isHeld) ?? all.at(-1);
}

/** How tokens lie where values are put one after the other along them. */
function joinedGrid(value: TokenValue, known: ReadonlyMap<string, Known>): TokenGrid | undefined {
  const { inputs, inputShapes, kind, shape, axis = 1 } = value;
  if (!joining.test(kind) || (axis !== 1 && axis !== -2)) return undefined;
  const sizes = inputShapes.map((each) => each?.length === 3 ? each[1] ?? undefined : undefined);
  const at = inputs.findIndex((id, index) => {
    const place = id === undefined ? undefined : known.get(id);
    return place?.isHeld && sizes[index] === countTokens(place.grid);
  });
  const count = (some: readonly (number | undefined)[]) =>
    some.reduce<number | undefined>(
      (sum, size) => sum === undefined || size === undefined ? undefined : sum + size,
      0,
    );
  const before = count(sizes.slice(0, at)), after = count(sizes.slice(at + 1));
  if (at < 0 || before === undefined || after === undefined) return undefined;
  const { grid } = known.get(inputs[at]!)!;
  const joined = { ...grid, before: grid.before + before, after: grid.after + after };
  return countTokens(joined) === shape![1] ? joined : undefined;
}

/** How the tokens of a value lie, `[1, t, k]`, by the grid that it goes on from. */
function gridOfTokens(
  value: TokenValue,
  before: Known,
  known: ReadonlyMap<string, Known>,
): TokenGrid | undefined {
  const count = value.shape![1]!;
  const { grid, isHeld } = before;
  const cells = grid.height * grid.width;
  const joined = joinedGrid(value, known);
  if (joined) return joined;
  if (count === countTokens(grid)) return grid;
  if (count === cells) return { ...grid, before: 0, after: 0 };
  // Where nothing tells, they come first, as the class token does; of what is computed otherwise nothing is assumed.
  const mayHave = isHeld && !rearranging.test(value.kind) && count > cells && count <= 2 * cells;
  return mayHave ? { ...grid, before: count - cells, after: 0 } : undefined;
}

/** Where a value lies by the grid that it goes on from. */
function placeOf(value: TokenValue, before: Known, known: ReadonlyMap<string, Known>): Known {
  const { shape } = value;
  const lost = { ...before, isHeld: false };
  if (!shape) return before;
  if (!isOfOne(shape)) return lost;
  if (shape.length === 3 && shape[1]) {
    const grid = gridOfTokens(value, before, known);
    return grid ? { ...before, grid, isHeld: true } : lost;
  }
  if (shape.length !== 4) return lost;
  const factor = coarserBy(before.grid, value);
  if (factor === undefined) return lost;
  const [, height, width] = shape as [null, number, number, number];
  const stride = [before.stride[0] * factor, before.stride[1] * factor] as const;
  return { grid: { height, width, before: 0, after: 0 }, stride, isHeld: true };
}

/**
 * Where the tokens of a model lie on the picture, and the pictures that are made of tokens again: the grid is that of the
 * patches, the last value with height and width before them; what is more than the patches was put beside them.
 *
 * @param values All values, each after those it is computed from.
 * @param strides The strides of those that have height and width, as far as they are known.
 * @returns Places of values `[1, t, k]` that lie on a grid, and of those `[1, h, w, k]` whose strides were not known.
 */
export function findTokenGrids(
  values: readonly TokenValue[],
  strides: ReadonlyMap<string, Stride>,
): ReadonlyMap<string, TokenPlace> {
  const known = new Map<string, Known>();
  const places = new Map<string, TokenPlace>();
  for (const value of values) {
    const { id, shape, inputs } = value;
    const stride = strides.get(id);
    const [, height, width] = shape ?? [];
    if (stride && shape?.length === 4 && height && width) {
      known.set(id, { grid: { height, width, before: 0, after: 0 }, stride, isHeld: true });
      continue;
    }
    const before = goOnFrom(inputs, known);
    if (!before) continue;
    const place = placeOf(value, before, known);
    known.set(id, place);
    if (!place.isHeld || !shape) continue;
    if (shape.length === 3) places.set(id, { tokens: place.grid, stride: place.stride });
    if (shape.length === 4) places.set(id, { stride: place.stride });
  }
  return places;
}
