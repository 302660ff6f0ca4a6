import type { Tensor2D } from "../base/tensors.ts";
import { mapThroughBlocks } from "./attention.ts";
import type { NamedMethod } from "./method.ts";

/**
 * Attention rollout: R = Ã_L ⋯ Ã₁ with Ã_l = ½ (mean over heads of A_l) + ½ I, A_l the weights of block l's attention. The map
 * is R's row of the tokens that the model reads of the last block, the class token or the mean of all, at the patches. It
 * tells how much of each patch gets there, whatever the class.
 *
 * Abnar, Zuidema, "Quantifying Attention Flow in Transformers", ACL 2020, https://arxiv.org/abs/2005.00928
 *
 * The paper normalises each row of A + I, which is the same, since the rows of A sum to 1. Which tokens are read is told by the
 * target's gradient, for which the model is gone through once.
 */
export const rolloutMethod: NamedMethod<"rollout"> = {
  name: "rollout",
  title: "Attention rollout",
  description:
    "Attention rollout: how attention passes patches on through all blocks; for vision transformers",
  at: "tokens",
  relu: false,
  cost: () => ({ pictureGradients: 1 }),
  map: (probe) =>
    mapThroughBlocks(probe, (before, { weights }) => {
      const mean = weights.mean<Tensor2D>(0); // [t, t]
      return mean.matMul<Tensor2D>(before).add<Tensor2D>(before).mul<Tensor2D>(0.5);
    }),
};
