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
  /** How many rows and columns of what it is computed from one of its own stands for, where its settings tell. */
  readonly factor?: Stride | null | undefined;
}

/** Where a value's rows and columns or tokens lie on the picture. */
export interface TokenPlace {
  /** For tokens. */
  readonly tokens?: TokenGrid | undefined;
  /** How many rows and columns of the picture one of them stands for. */
  readonly stride: Stride;
}

/** A grid, and where it lies on the picture. */
interface Place {
  readonly grid: TokenGrid;
  readonly stride: Stride;
}

/** The grid that the values before one have. */
interface Known extends Place {
  /** Whether the value itself lies on it; else it was only computed of one that does. */
  readonly isHeld: boolean;
  /** Further grids that it was computed of, as where tokens of one look at those of another. */
  readonly others: readonly Place[];
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

/** By which factors a grid was made coarser, the same whole one on both sides where no settings tell, if it was. */
function coarserBy({ grid: { height, width }, isHeld }: Known, value: TokenValue): Stride | undefined {
  const { shape, kind, factor: told } = value;
  const [, h, w] = shape!;
  if (!h || !w) return undefined;
  if (told && isHeld) return told;
  if (height % h === 0 && width % w === 0 && height / h === width / w) return [height / h, width / w];
  const factor = Math.round(height / h);
  return shrinking.test(kind) && factor >= 1 && factor === Math.round(width / w)
    ? [factor, factor]
    : undefined;
}

function cellsOf({ grid: { height, width } }: Place): number {
  return height * width;
}

/** How many further grids are remembered: a value is computed of few, and all of a network's would be a long list. */
const mostOthers = 4;

/** The grid that a value goes on from: of what it takes the one that lies on a grid itself, else the last that is known. */
function goOnFrom(inputs: TokenValue["inputs"], known: ReadonlyMap<string, Known>): Known | undefined {
  const all = inputs.flatMap((id) => (id !== undefined && known.get(id)) || []);
  const first = all.find(({ isHeld }) => isHeld) ?? all.at(-1);
  if (!first) return undefined;
  const further = all.flatMap((one) => [one, ...one.others])
    .filter((one) => cellsOf(one) > 1 && cellsOf(one) !== cellsOf(first));
  const others = [...new Map(further.map((one) => [cellsOf(one), one])).values()].slice(0, mostOthers);
  return { ...first, others };
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

/** Where the tokens of a value lie, `[1, t, k]`, by the grids that it goes on from. */
function placeOfTokens(
  value: TokenValue,
  before: Known,
  known: ReadonlyMap<string, Known>,
): Place | undefined {
  const count = value.shape![1]!;
  const { grid, stride, isHeld } = before;
  const cells = cellsOf(before);
  const joined = joinedGrid(value, known);
  if (joined) return { grid: joined, stride };
  if (count === countTokens(grid)) return before;
  if (count === cells) return { grid: { ...grid, before: 0, after: 0 }, stride };
  const other = before.others.find((one) => countTokens(one.grid) === count);
  if (other) return other;
  // Where nothing tells, they come first, as the class token does; of what is computed otherwise nothing is assumed.
  const mayHave = isHeld && !rearranging.test(value.kind) && count > cells && count <= 2 * cells;
  return mayHave ? { grid: { ...grid, before: count - cells, after: 0 }, stride } : undefined;
}

/** Where a value lies by the grid that it goes on from. */
function placeOf(value: TokenValue, before: Known, known: ReadonlyMap<string, Known>): Known {
  const { shape } = value;
  const lost = { ...before, isHeld: false };
  if (!shape) return before;
  if (!isOfOne(shape)) return lost;
  if (shape.length === 3 && shape[1]) {
    const place = placeOfTokens(value, before, known);
    return place ? { ...before, grid: place.grid, stride: place.stride, isHeld: true } : lost;
  }
  if (shape.length !== 4) return lost;
  const factor = coarserBy(before, value);
  if (!factor) return lost;
  const [, height, width] = shape as [null, number, number, number];
  const stride = [before.stride[0] * factor[0], before.stride[1] * factor[1]] as const;
  return { grid: { height, width, before: 0, after: 0 }, stride, isHeld: true, others: before.others };
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
      known.set(id, { grid: { height, width, before: 0, after: 0 }, stride, isHeld: true, others: [] });
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
