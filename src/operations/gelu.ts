import * as tf from "../base/tfjs.ts";
import { gaussianUnit, gaussianUnitGradient } from "../../backends/one_pass.ts";
import type { ActivationFunction } from "./activation.ts";

/** φ(x), the density of the normal distribution. */
function density(x: tf.Tensor): tf.Tensor {
  return x.square().mul(-0.5).exp().mul(1 / Math.sqrt(2 * Math.PI));
}

/** Φ(x), the part of the normal distribution below x. */
function below(x: tf.Tensor): tf.Tensor {
  return tf.erf(x.mul(Math.SQRT1_2)).add(1).mul(0.5);
}

/** x·Φ(x), the Gaussian error linear unit. */
export const gelu: ActivationFunction = {
  name: "gelu",
  apply: (x) => x.mul(below(x)),
  applyAtOnce: (x) => gaussianUnit(x, false),
  slopeAt: (x) => below(x).add(x.mul(density(x))),
  backwardAtOnce: (gradient, x) => gaussianUnitGradient(gradient, { x, isBent: false }),
};

const root = Math.sqrt(2 / Math.PI), cubic = 0.044715;

/** tanh(√(2/π)·(x + 0.044715·x³)) */
function bend(x: tf.Tensor): tf.Tensor {
  return tf.tanh(x.mul(x.square().mul(cubic * root).add(root)));
}

/** The same by its approximation, x/2·(1 + tanh(√(2/π)·(x + 0.044715·x³))). */
export const geluTanh: ActivationFunction = {
  name: "gelutanh",
  apply: (x) => bend(x).add(1).mul(x).mul(0.5),
  applyAtOnce: (x) => gaussianUnit(x, true),
  backwardAtOnce: (gradient, x) => gaussianUnitGradient(gradient, { x, isBent: true }),
  slopeAt(x) {
    const bent = bend(x);
    const inner = x.square().mul(3 * cubic * root).add(root); // the slope of what tanh takes
    return bent.add(1).mul(0.5).add(x.mul(tf.sub(1, bent.square())).mul(inner).mul(0.5));
  },
};
