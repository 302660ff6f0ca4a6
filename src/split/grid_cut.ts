import type { TokenGrid } from "../base/token_grid.ts";
import { ExtraTokens, GridOfTokens, TokensOfGrid } from "../operations/grid_view.ts";
import type { Operation } from "../operations/operation.ts";
import { GridOfWindows, type WindowGrid, WindowsOfGrid } from "../operations/window_view.ts";
import { Renamed } from "../operations/renamed.ts";
import type { OperationGraph } from "./split_operations.ts";

/** A graph in which tokens are seen as a picture, and the id of that. */
export interface GridCut {
  readonly graph: OperationGraph;
  /** The value `[1, h, w, k]`, on which alone the tokens depend from there on. */
  readonly at: string;
}

/** The same operations, what they give between others put in behind the one that gives a value. */
function putBehind(
  operations: readonly Operation[],
  id: string,
  given: string,
  view: readonly Operation[],
): Operation[] {
  return operations.flatMap((operation) =>
    operation.outputs.includes(id) ? [new Renamed(operation, id, given), ...view] : [operation]
  );
}

/**
 * See tokens that lie in windows as the picture that was cut into them, and windows of it again.
 *
 * @param graph What the model computes.
 * @param id The value `[windows, t, k]`.
 * @param grid How the tokens lie.
 */
export function seeWindowsAsGrid(
  { operations, ...graph }: OperationGraph,
  id: string,
  grid: WindowGrid,
): GridCut {
  const [given, at] = [`${id}@windows`, `${id}@grid`];
  const view = [new GridOfWindows(given, at, grid), new WindowsOfGrid(at, id, grid)];
  return { graph: { ...graph, operations: putBehind(operations, id, given, view) }, at };
}

/**
 * See tokens as a picture on their way: they are made one, and tokens of it again, so that a cut in between has height and
 * width, and carries the tokens that are of no place in the picture past itself.
 *
 * @param graph What the model computes.
 * @param id The value `[1, t, k]`.
 * @param grid How the tokens lie.
 */
export function seeAsGrid({ operations, ...graph }: OperationGraph, id: string, grid: TokenGrid): GridCut {
  const { height, width, before, after } = grid;
  const [given, at] = [`${id}@tokens`, `${id}@grid`];
  const extra = [
    ...(before > 0 ? [new ExtraTokens(given, `${id}@before`, 0, before)] : []),
    ...(after > 0 ? [new ExtraTokens(given, `${id}@after`, before + height * width, after)] : []),
  ];
  const view: Operation[] = [
    new GridOfTokens(given, at, grid),
    ...extra,
    new TokensOfGrid(at, extra.map(({ outputs: [value] }) => value), id, grid),
  ];
  return { graph: { ...graph, operations: putBehind(operations, id, given, view) }, at };
}
