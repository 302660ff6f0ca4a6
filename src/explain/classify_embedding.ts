import * as tf from "../base/tfjs.ts";
import type { ScoreKind, SplitModel } from "../split/model.ts";
import type { EmbeddedClasses } from "./embeddings.ts";

/** Keeps an embedding of zeros from dividing by zero. */
const smallest = 1e-12;

/** Embeddings as scores of classes: z = s · (e / |e|) · Tᵀ, where T has a row of length 1 for each; or softmax(z). */
class EmbeddingClassifier {
  readonly #rows: Float32Array;
  readonly #shape: [number, number];

  constructor(readonly classes: EmbeddedClasses, readonly score: ScoreKind) {
    const { vectors } = classes;
    const size = vectors[0]!.length;
    this.#shape = [vectors.length, size];
    this.#rows = new Float32Array(vectors.length * size);
    vectors.forEach((vector, row) => {
      const length = Math.max(Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0)), smallest);
      this.#rows.set(vector.map((value) => value / length), row * size);
    });
  }

  /** T, `[classes, size]`. */
  #directions(): tf.Tensor2D {
    return tf.tensor2d(this.#rows, this.#shape);
  }

  /** |e|, `[n, 1]`. */
  #lengthOf(embeddings: tf.Tensor2D): tf.Tensor2D {
    return embeddings.square().sum<tf.Tensor2D>(1, true).add(smallest ** 2).sqrt() as tf.Tensor2D;
  }

  /** @throws {RangeError} If embeddings are of another length. */
  #check([, size]: readonly number[]): void {
    if (size === this.#shape[1]) return;
    throw new RangeError(
      `Cannot compare an embedding of ${size} numbers with those of ${
        this.#shape[1]
      }: give embeddings of ${size}`,
    );
  }

  /**
   * The scores of embeddings.
   *
   * @param embeddings `[n, size]`
   * @returns `[n, classes]`; what is made on the way is the caller's tidy's, or its tape's.
   */
  scoresOf(embeddings: tf.Tensor2D): tf.Tensor2D {
    this.#check(embeddings.shape);
    const unit = embeddings.div<tf.Tensor2D>(this.#lengthOf(embeddings));
    const logits = unit.matMul(this.#directions(), false, true).mul<tf.Tensor2D>(this.classes.scale);
    return this.score === "logit" ? logits : logits.softmax();
  }

  /**
   * The way back.
   *
   * @param embedding e, `[1, size]`
   * @param weights ∂ / ∂ scores, `[n, classes]`
   * @returns ∂ / ∂ e, `[n, size]`; owned by the caller's tidy.
   */
  back(embedding: tf.Tensor2D, weights: tf.Tensor2D): tf.Tensor2D {
    const length = this.#lengthOf(embedding);
    const unit = embedding.div<tf.Tensor2D>(length);
    const alongLogits = this.score === "logit" ? weights : this.#throughSoftmax(embedding, weights);
    const along = alongLogits.matMul(this.#directions()).mul<tf.Tensor2D>(this.classes.scale); // [n, size]
    const outwards = along.mul(unit).sum<tf.Tensor2D>(1, true); // which the length takes away
    return along.sub<tf.Tensor2D>(unit.mul(outwards)).div(length);
  }

  #throughSoftmax(embedding: tf.Tensor2D, weights: tf.Tensor2D): tf.Tensor2D {
    const p = this.scoresOf(embedding);
    return p.mul(weights.sub(weights.mul(p).sum(1, true)));
  }
}

/** A way to embeddings, of which the scores are made. */
interface EmbeddingPass {
  readonly scores: tf.Tensor2D;
  dispose(): void;
}

/** The scores of a way to embeddings, and how both are freed. */
function extend(pass: EmbeddingPass, classifier: EmbeddingClassifier): EmbeddingPass {
  try {
    const scores = tf.tidy(() => classifier.scoresOf(pass.scores));
    return { scores, dispose: () => [scores, pass].forEach((one) => one.dispose()) };
  } catch (error) {
    pass.dispose();
    throw error;
  }
}

/**
 * A model that gives embeddings, cut at a layer, as one that gives scores of classes: the cosine similarities of its
 * embedding to some, scaled, as CLIP classifies without training for it; and their softmax, unless the logit is asked for.
 *
 * @param split The model, cut, all numbers of whose output are its scores.
 * @param classes The embeddings.
 * @param score Whether the scaled similarities are wanted, or their softmax.
 */
export function classifyEmbeddings(
  split: SplitModel,
  classes: EmbeddedClasses,
  score: ScoreKind,
): SplitModel {
  const classifier = new EmbeddingClassifier(classes, score);
  const { direct } = split;
  return {
    layer: split.layer,
    warnings: split.warnings,
    connected: split.connected,
    seesImage: split.seesImage,
    finalActivation: "softmax",
    unit: undefined,
    binary: false,
    head: (x) => split.head(x),
    headInTurns: (x, pause) => split.headInTurns(x, pause),
    tail: (activation, carried) => tf.tidy(() => classifier.scoresOf(split.tail(activation, carried))),
    *tailInSteps(activation, carried, how) {
      return classifier.scoresOf(yield* split.tailInSteps(activation, carried, how));
    },
    async rerun(activations, carried, pause) {
      const embeddings = await split.rerun(activations, carried, pause); // [n, size]
      try {
        return tf.tidy(() => classifier.scoresOf(embeddings));
      } finally {
        embeddings.dispose();
      }
    },
    async walk(activation, carried, how) {
      const pass = await split.walk(activation, carried, how);
      return {
        ...extend(pass, classifier),
        async gradient(weights, how) {
          const inner = tf.tidy(() => classifier.back(pass.scores, weights));
          try {
            return await pass.gradient(inner, how);
          } finally {
            inner.dispose();
          }
        },
      };
    },
    ...direct && {
      direct(activation) {
        const pass = direct(activation);
        return pass && {
          ...extend(pass, classifier),
          gradient: (weights) => tf.tidy(() => pass.gradient(classifier.back(pass.scores, weights))),
        };
      },
    },
    finish: (scores) => tf.tidy(() => score === "logit" ? scores.softmax() : scores.clone()),
  };
}
