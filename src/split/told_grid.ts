import { LayerNotFoundError } from "../base/errors.ts";
import { quote } from "../base/quote.ts";
import { countTokens, readGrid, type TokenGrid } from "../base/token_grid.ts";
import type { LayerInfo, SplitOptions } from "./model.ts";

/** What is said of tokens by whoever asks. */
export type ToldGrid = Pick<SplitOptions, "grid" | "tokens">;

/** How many tokens a layer gives for one picture; `undefined` where its output is something else. */
export function tokensOf(
  { outputShape: [batch, count, channels], outputShape }: LayerInfo,
): number | undefined {
  const isOfOne = outputShape.length === 3 && (batch === null || batch === 1);
  return isOfOne && channels !== null ? count ?? undefined : undefined;
}

/** The side of the square that so many cells are, if they are one. */
function squareOf(cells: number): readonly [number, number] | undefined {
  const side = Math.round(Math.sqrt(cells));
  return side > 0 && side * side === cells ? [side, side] : undefined;
}

/** How the tokens of a layer lie by what is said; `undefined` where it cannot be so. */
function toldGrid(layer: LayerInfo, { grid, tokens }: ToldGrid): TokenGrid | undefined {
  const count = tokensOf(layer);
  if (count === undefined) return undefined;
  const found = layer.tokens;
  const size = grid === undefined
    ? found ? [found.height, found.width] as const : squareOf(count - tokens!)
    : readGrid(grid);
  if (!size) return undefined;
  const [height, width] = size;
  const extra = count - height * width;
  const before = tokens ??
    (found && countTokens(found) - found.height * found.width === extra ? found.before : extra);
  return before < 0 || before > extra ? undefined : { height, width, before, after: extra - before };
}

/**
 * Layers as they are by what is said of their tokens: by nothing, as they were found.
 *
 * @param layers All layers of a model.
 */
export function withToldGrid(layers: readonly LayerInfo[], told: ToldGrid): readonly LayerInfo[] {
  if (told.grid === undefined && told.tokens === undefined) return layers;
  return layers.map((layer) => {
    const tokens = toldGrid(layer, told);
    return tokens || layer.tokens ? { ...layer, tokens } : layer;
  });
}

/**
 * Make sure that there are layers of which what is said of tokens holds, where no layer is named.
 *
 * @param layers As {@linkcode withToldGrid} gives them.
 * @throws {LayerNotFoundError} If something is said, and it holds of none.
 */
export function checkToldGrid(layers: readonly LayerInfo[], { grid, tokens }: ToldGrid): void {
  if (grid === undefined && tokens === undefined) return;
  if (layers.some((layer) => layer.tokens)) return;
  const counts = new Set(layers.flatMap((layer) => tokensOf(layer) ?? []));
  const size = grid === undefined ? undefined : readGrid(grid)!.join("x");
  const what = size === undefined ? `leave ${tokens} tokens out` : `lay tokens on a grid of ${size}`;
  const besides = size === undefined || tokens === undefined ? "" : ` behind ${tokens} others`;
  throw new LayerNotFoundError(
    `Cannot ${what}${besides}: ${
      counts.size === 0 ? "no layer gives tokens" : `the layers give ${[...counts].join(", ")} of them`
    }`,
  );
}

/**
 * What to say of a layer whose tokens do not lie as it is said.
 *
 * @throws {LayerNotFoundError} If something is said of them.
 */
export function refuseToldGrid(layer: LayerInfo, { grid, tokens }: ToldGrid): void {
  const count = tokensOf(layer);
  if (count === undefined || (grid === undefined && tokens === undefined)) return;
  const where = `Cannot lay the ${count} tokens of layer ${quote(layer.path)} on a grid`;
  const size = grid === undefined ? undefined : readGrid(grid);
  if (!size) {
    throw new LayerNotFoundError(`${where} without ${tokens} of them: say its rows and columns by grid`);
  }
  const [height, width] = size;
  const besides = tokens === undefined ? "" : ` and ${tokens} before it`;
  throw new LayerNotFoundError(
    `${where} of ${height}x${width}${besides}: that are ${height * width + (tokens ?? 0)}`,
  );
}
