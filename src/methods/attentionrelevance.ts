import type { Tensor2D } from "../base/tensors.ts";
import { mapThroughBlocks } from "./attention.ts";
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
  map: (probe) =>
    mapThroughBlocks(probe, (before, { weights, gradient }) => {
      const mean = weights.mul(gradient).relu().mean<Tensor2D>(0); // [t, t]
      return before.add<Tensor2D>(mean.matMul(before));
    }),
};
