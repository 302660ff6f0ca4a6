import type { Tensor1D, Tensor2D } from "../base/tensors.ts";
import { countTokens } from "../base/token_grid.ts";
import { mapOfTokens } from "./attention.ts";
import type { NamedMethod } from "./method.ts";

/**
 * LeGrad: M = mean over the blocks l of E_l with E_l(j) = mean over heads h and tokens i of relu(∂y_l/∂A_l)(h, i, j), at the
 * patches j. A_l are the weights of block l's attention, and y_l is the target, were the tokens that block l gives those
 * of the last one: they go through the model's own last norm and classifier, as they are read there.
 *
 * Bousselham et al., "LeGrad: An Explainability Method for Vision Transformers via Feature Formation Sensitivity",
 * https://arxiv.org/abs/2404.03214
 */
export const legradMethod: NamedMethod<"legrad"> = {
  name: "legrad",
  title: "LeGrad",
  description: "LeGrad: positive gradients of attention, of each block's own tokens; for vision transformers",
  at: "tokens",
  relu: false,
  cost: ({ blocks = 0 }) => ({ pictureGradients: blocks }),
  async map({ tf, attention, pause }) {
    const { grid, blocks } = attention;
    let sum = tf.zeros([countTokens(grid)]) as Tensor1D;
    try {
      for (let block = 0; block < blocks; block++) {
        const gradient = await attention.ownGradient(block); // [heads, t, t]
        const next = tf.tidy(() => sum.add<Tensor1D>(gradient.relu().mean<Tensor2D>(0).mean(0).div(blocks)));
        sum.dispose();
        sum = next;
        await pause();
      }
      return { map: tf.tidy(() => mapOfTokens(sum, grid)) };
    } finally {
      sum.dispose();
    }
  },
};
