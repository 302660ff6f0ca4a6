import * as tf from "../base/tfjs.ts";
import type { AffineSource, Coefficients } from "./affine.ts";

/** A batch norm's weights, each `[k]`. */
export interface BatchNormWeights {
  readonly mean: tf.Tensor1D;
  readonly variance: tf.Tensor1D;
  /** 1 if left out. */
  readonly gamma?: tf.Tensor1D | undefined;
  /** 0 if left out. */
  readonly beta?: tf.Tensor1D | undefined;
  readonly epsilon: number;
  /** Whether the last training left its statistics as they were. */
  readonly isFrozen?: boolean;
}

/** In float32, in the order in which Keras computes it. */
function coefficientsOf({ mean, variance, gamma, beta, epsilon }: BatchNormWeights): Coefficients {
  const inverse = variance.add<tf.Tensor1D>(epsilon).rsqrt();
  const scale = gamma ? inverse.mul<tf.Tensor1D>(gamma) : inverse;
  const shifted = mean.mul<tf.Tensor1D>(scale);
  return { scale, shift: beta ? beta.sub<tf.Tensor1D>(shifted) : shifted.neg<tf.Tensor1D>() };
}

/** In double precision, rounded once. */
async function preciseCoefficientsOf(
  { mean, variance, gamma, beta, epsilon }: BatchNormWeights,
): Promise<Coefficients> {
  const [means, variances, gains, offsets] = await Promise.all([
    mean.data(),
    variance.data(),
    gamma?.data(),
    beta?.data(),
  ]);
  const scale = Float64Array.from(variances, (value, k) => (gains?.[k] ?? 1) / Math.sqrt(value + epsilon));
  const shift = scale.map((factor, k) => (offsets?.[k] ?? 0) - means[k]! * factor);
  return { scale: tf.tensor1d(Float32Array.from(scale)), shift: tf.tensor1d(Float32Array.from(shift)) };
}

/**
 * What a batch norm does to each channel in inference mode: γ · (x − μ) / √(σ² + ε) + β = x · scale + shift.
 *
 * An error in a channel's coefficients moves all its pixels the same way, and so more of them across the kinks of the
 * activation that follows than the roundings of sums do. So they are computed as precisely as can be.
 *
 * @param weights Reads the weights as they are now.
 */
export function batchNorm(weights: () => BatchNormWeights): AffineSource {
  return {
    coefficients: () => coefficientsOf(weights()),
    async precisely() {
      const read = tf.tidy(() => { // some may have been made for this
        const { mean, variance, gamma, beta, epsilon } = weights();
        return {
          mean: mean.clone(),
          variance: variance.clone(),
          gamma: gamma?.clone(),
          beta: beta?.clone(),
          epsilon,
        };
      });
      try {
        return await preciseCoefficientsOf(read);
      } finally {
        const { mean, variance, gamma, beta } = read;
        tf.dispose([mean, variance, ...[gamma ?? []].flat(), ...[beta ?? []].flat()]);
      }
    },
    statistics: weights,
  };
}
