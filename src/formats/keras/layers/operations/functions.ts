import * as tf from "../../../../base/tfjs.ts";
import { exponentialLinear, gatedLinear, hardShrink, softShrink, squarePlus } from "../activations.ts";
import { softmaxOver } from "../softmax.ts";
import { type Operation, operation, type Operations } from "./operation.ts";
import { type Axes, type Operand, toAxes, toFloat, toTensor } from "./values.ts";

/** An operation with one operand. */
function unary(compute: (x: tf.Tensor) => tf.Tensor): Operation {
  return operation("x|features", compute);
}

/** The axes of a softmax: the last where none is given, all for `null`. */
function softmaxAxes(x: tf.Tensor, axis: Axes | null): number[] {
  return toAxes(axis === null ? undefined : axis ?? -1, x.rank);
}

function softmaxOf(x: tf.Tensor, axis: Axes | null): tf.Tensor {
  return softmaxOver(x, softmaxAxes(x, axis));
}

function logSoftmaxOf(x: tf.Tensor, axis: Axes | null): tf.Tensor {
  const axes = softmaxAxes(x, axis);
  const shifted = x.sub(x.max(axes, true));
  return shifted.sub(tf.log(tf.exp(shifted).sum(axes, true)));
}

/** The Gaussian error linear unit, by the error function or by tanh. */
function gelu(x: tf.Tensor, approximate = false): tf.Tensor {
  if (!approximate) return x.mul(tf.erf(x.div(Math.SQRT2)).add(1)).mul(0.5);
  const inner = x.add(x.square().mul(x).mul(0.044715)).mul(Math.sqrt(2 / Math.PI));
  return x.mul(tf.tanh(inner).add(1)).mul(0.5);
}

const clip = operation(
  "x|t, x_min|clip_value_min|min_value, x_max|clip_value_max|max_value",
  (x: tf.Tensor, low: Operand, high: Operand) => tf.minimum(tf.maximum(x, toTensor(low)), toTensor(high)),
);

/** Functions of one operand, with what settings they have. */
export const functions: Operations = {
  acosh: unary((x) => tf.acosh(x)),
  arccos: unary((x) => tf.acos(x)),
  arccosh: unary((x) => tf.acosh(x)),
  arcsin: unary((x) => tf.asin(x)),
  arcsinh: unary((x) => tf.asinh(x)),
  arctan: unary((x) => tf.atan(x)),
  arctanh: unary((x) => tf.atanh(x)),
  asinh: unary((x) => tf.asinh(x)),
  atan: unary((x) => tf.atan(x)),
  celu: operation("x, alpha", (x: tf.Tensor, alpha?: number) => exponentialLinear(x, alpha, alpha)),
  clip,
  clip_by_value: clip,
  cbrt: unary((x) => tf.sign(x).mul(tf.pow(tf.abs(x), 1 / 3))),
  cos: unary((x) => tf.cos(x)),
  cosh: unary((x) => tf.cosh(x)),
  crelu: operation(
    "features, axis",
    (x: tf.Tensor, axis?: number) => tf.relu(tf.concat([x, x.neg()], axis ?? -1)),
  ),
  deg2rad: unary((x) => x.mul(Math.PI / 180)),
  elu: operation("x|features, alpha", (x: tf.Tensor, alpha?: number) => exponentialLinear(x, alpha)),
  erf: unary((x) => tf.erf(x)),
  erfc: unary((x) => tf.sub(1, tf.erf(x))),
  exp: unary((x) => tf.exp(x)),
  exp2: unary((x) => tf.exp(x.mul(Math.LN2))),
  expm1: unary((x) => tf.expm1(x)),
  gelu: operation("x|features, approximate", gelu),
  glu: operation("x, axis", gatedLinear),
  hard_shrink: operation("x, threshold", hardShrink),
  leaky_relu: operation(
    "x|features, negative_slope|alpha",
    (x: tf.Tensor, slope?: number) => tf.leakyRelu(x, slope),
  ),
  log: unary((x) => tf.log(x)),
  log10: unary((x) => tf.log(x).div(Math.LN10)),
  log1p: unary((x) => tf.log1p(x)),
  log2: unary((x) => tf.log(x).div(Math.LN2)),
  log_softmax: operation(
    "x|logits, axis?",
    logSoftmaxOf,
  ),
  rad2deg: unary((x) => x.mul(180 / Math.PI)),
  sin: unary((x) => tf.sin(x)),
  sinh: unary((x) => tf.sinh(x)),
  soft_shrink: operation("x, threshold", softShrink),
  softmax: operation(
    "x|logits, axis?",
    softmaxOf,
  ),
  squareplus: operation("x, b", squarePlus),
  tan: unary((x) => tf.tan(x)),
  threshold: operation(
    "x, threshold, default_value",
    (x: tf.Tensor, threshold: number, otherwise: number) => {
      const isAbove = toFloat(tf.greater(x, threshold));
      return x.mul(isAbove).add(tf.sub(1, isAbove).mul(otherwise));
    },
  ),
};
