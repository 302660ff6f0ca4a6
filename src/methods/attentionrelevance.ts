import type { Tensor1D, Tensor2D } from "../base/tensors.ts";
import { mapOfTokens, readTokens, unmixed } from "./attention.ts";
import type { NamedMethod } from "./method.ts";

/**
 * Generic attention relevance: R ← R + Ā_l·R for block after block, from R = I, with Ā_l = mean over heads of relu(∇A_l ⊙ A_l);
 * A_l the weights of block l's attention, ∇A_l = ∂y/∂A_l. The map is R's row of the tokens that the model reads of the last
 * block, the class token or the mean of all, at the patches.
 *
 * Chefer, Gur, Wolf, "Generic Attention-model Explainability for Interpreting Bi-Modal and Encoder-Decoder Transformers",
 * ICCV 2021, https://arxiv.org/abs/2103.15679
 */
export const attentionRelevanceMethod: NamedMethod<"attentionrelevance"> = {
  name: "attentionrelevance",
  title: "Attention relevance",
  description:
    "Attention relevance: attention times its positive gradient, through all blocks; for vision transformers",
  at: "tokens",
  relu: false,
  cost: () => ({ pictureGradients: 1 }),
  async map({ tf, attention }) {
    const { grid } = attention;
    const blocks = await attention.weights();
    const read = await readTokens(tf, blocks.at(-1)!, grid);
    return {
      map: tf.tidy(() => {
        const relevance = blocks.reduce((all, { weights, gradient }) => {
          const mean = weights.mul(gradient).relu().mean<Tensor2D>(0); // [t, t]
          return all.add<Tensor2D>(mean.matMul(all));
        }, unmixed(tf, grid));
        const row = tf.tensor2d(read, [1, read.length]).matMul<Tensor2D>(relevance).flatten() as Tensor1D;
        return mapOfTokens(row, grid);
      }),
    };
  },
};
