import type { AttentionBlock } from "./attention_blocks.ts";
import type { AttentionInfo, LayerInfo } from "./model.ts";
import { type ToldGrid, withToldGrid } from "./told_grid.ts";

/** What a model says of its blocks. */
export interface TransformerParts {
  /** All of them, in their order. */
  readonly blocks: readonly AttentionBlock[];
  /** All layers in the order of the model. */
  readonly layers: readonly LayerInfo[];
  /** The paths of the layers that have a value, by its id. */
  pathsOf(id: string): readonly string[];
}

/** The blocks of a model that look from all tokens of a grid at all of them. */
export interface Transformer extends AttentionInfo {
  readonly blocks: readonly AttentionBlock[];
}

/**
 * The blocks that lie on one grid with the last one: those before it may have a finer grid, or look within windows.
 *
 * @returns `undefined` where the last block's tokens lie on no grid.
 */
export function findTransformer(
  { blocks, layers, pathsOf }: TransformerParts,
  told: ToldGrid = {},
): Transformer | undefined {
  const seen = new Map(withToldGrid(layers, told).map((layer) => [layer.path, layer.tokens]));
  const gridOf = ({ input }: AttentionBlock) => pathsOf(input).map((path) => seen.get(path)).find((grid) => grid);
  const grid = blocks.length > 0 ? gridOf(blocks.at(-1)!) : undefined;
  if (!grid) return undefined;
  const isSame = (block: AttentionBlock) => JSON.stringify(gridOf(block)) === JSON.stringify(grid);
  const same = blocks.slice(blocks.findLastIndex((block) => !isSame(block)) + 1);
  return { grid, blocks: same, weights: same.map(({ weights }) => weights) };
}

/** A block's own tokens in the place of those that the last block gives, by the ids of those; nothing for the last block. */
export function standIn(blocks: readonly AttentionBlock[], block: number): ReadonlyMap<string, string> | undefined {
  const { output } = blocks[block]!, last = blocks.at(-1)!.output;
  return output === last ? undefined : new Map([[last, output]]);
}
