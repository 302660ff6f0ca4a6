import type { Tensor1D, Tensor2D } from "../base/tensors.ts";
import type { NamedTarget } from "./target.ts";

/** Keeps a vector of zeros from dividing by zero. */
const smallest = 1e-12;

/**
 * The cosine similarity of the output, an embedding, to another: e·r / (|e|·|r|), −1 to 1.
 *
 * In pytorch-grad-cam it is `SimilarityToConceptTarget`.
 */
export const similarityTarget: NamedTarget<"similarity"> = {
  name: "similarity",
  description:
    "How like another photo, or an embedding, the photo is to a model that gives embeddings (like)",
  score: "output",
  flat: true,
  ofClasses: false,
  make({ like, likeName = "the other photo", scores }) {
    if (!like) {
      throw new RangeError("Cannot explain a similarity: give the photo, or the embedding, to be like");
    }
    if (like.length !== scores.length) {
      throw new RangeError(
        `Cannot compare an embedding of ${scores.length} numbers with one of ${like.length}: give one of ${scores.length}`,
      );
    }
    const length = Math.max(Math.sqrt(like.reduce((sum, value) => sum + value * value, 0)), smallest);
    const direction = Array.from(like, (value) => value / length);
    return [{
      classIndex: 0,
      title: `likeness to ${likeName}`,
      value(all) {
        const along = all.mul<Tensor2D>(direction).sum<Tensor1D>(1);
        return along.div(all.square().sum<Tensor1D>(1).add(smallest ** 2).sqrt());
      },
    }];
  },
};
