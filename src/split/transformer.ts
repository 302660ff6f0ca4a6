import type { AttentionBlock } from "./attention_blocks.ts";
import type { AttentionInfo } from "./model.ts";
import { type ToldGrid, withToldGrid } from "./told_grid.ts";
import type { ValuedLayer } from "./windows.ts";

/** The blocks of a model that look from all tokens of a grid at all of them. */
export interface Transformer extends AttentionInfo {
  readonly blocks: readonly AttentionBlock[];
}

/**
 * The blocks that lie on one grid with the last one: those before it may have a finer grid, or look within windows.
 *
 * @param blocks All of them, in their order.
 * @param layers All layers in the order of the model.
 * @returns `undefined` where the last block's tokens lie on no grid.
 */
export function findTransformer(
  blocks: readonly AttentionBlock[],
  layers: readonly ValuedLayer[],
  told: ToldGrid,
): Transformer | undefined {
  const seen = withToldGrid(layers, told).map(({ tokens }, at) => [layers[at]!.id, tokens] as const);
  const grids = new Map(seen.filter(([, tokens]) => tokens !== undefined));
  const grid = blocks.length > 0 ? grids.get(blocks.at(-1)!.input) : undefined;
  if (!grid) return undefined;
  const isSame = ({ input }: AttentionBlock) => JSON.stringify(grids.get(input)) === JSON.stringify(grid);
  const same = blocks.slice(blocks.findLastIndex((block) => !isSame(block)) + 1);
  return { grid, blocks: same, weights: same.map(({ weights }) => weights) };
}

/** A block's own tokens in the place of those that the last block gives, by the ids of those; nothing for the last block. */
export function standIn(
  blocks: readonly AttentionBlock[],
  block: number,
): ReadonlyMap<string, string> | undefined {
  const { output } = blocks[block]!, last = blocks.at(-1)!.output;
  return output === last ? undefined : new Map([[last, output]]);
}
