import type { Tensor1D, Tensor2D, TensorFlow } from "../base/tensors.ts";
import { countTokens, type TokenGrid } from "../base/token_grid.ts";
import type { MethodResult } from "./method.ts";
import type { BlockAttention, Probe } from "./probe.ts";

/** What is said of a model that has none that can be read. */
export const noAttention =
  "no attention was found in the model that looks from all tokens of a picture at all of them: it is for vision " +
  "transformers such as ViT and DeiT";

/** Below which part of the largest gradient there is none. */
const nothing = 1e-7;

/**
 * How much the model reads of each token that the last block gives: those whose attention has no part in the target are not
 * read. It is the class token alone where there is one, and all where their mean is taken.
 *
 * @param last The last block's attention.
 * @param grid How the tokens lie: where the target has no gradient at all, the first token is taken to be the class token.
 * @returns `[t]`, its sum is 1.
 */
export async function readTokens(
  tf: TensorFlow,
  { gradient }: Pick<BlockAttention, "gradient">,
  grid: TokenGrid,
): Promise<Float32Array> {
  const parts = tf.tidy(() => gradient.abs().sum<Tensor1D>([0, 2])); // [t]
  const shares = Float32Array.from(await parts.data());
  parts.dispose();
  const largest = shares.reduce((most, share) => Math.max(most, share), 0);
  const isRead = (share: number, at: number) =>
    largest > 0 ? share > nothing * largest : grid.before > 0 ? at === 0 : true;
  const read = shares.map((share, at) => isRead(share, at) ? 1 : 0);
  const count = read.reduce((sum, one) => sum + one, 0);
  return read.map((one) => one / count);
}

/** Of a number for each token those of the grid, `[t]` → `[h, w]`. */
export function mapOfTokens(tokens: Tensor1D, { height, width, before }: TokenGrid): Tensor2D {
  return tokens.slice<Tensor1D>([before], [height * width]).reshape<Tensor2D>([height, width]);
}

/**
 * The map of what tokens have of each patch after all blocks: the row of those that the model reads of the last one.
 *
 * @param mix What they have after a block, of what they had before it, `[t, t]` both; each has itself alone at first. What it
 * makes besides is tidied.
 */
export async function mapThroughBlocks(
  { tf, attention }: Probe,
  mix: (before: Tensor2D, block: BlockAttention) => Tensor2D,
): Promise<MethodResult> {
  const { grid } = attention;
  const blocks = await attention.weights();
  const read = await readTokens(tf, blocks.at(-1)!, grid);
  return {
    map: tf.tidy(() => {
      const mixed = blocks.reduce(mix, tf.eye(countTokens(grid)));
      const row = tf.tensor2d(read, [1, read.length]).matMul<Tensor2D>(mixed).flatten() as Tensor1D;
      return mapOfTokens(row, grid);
    }),
  };
}
