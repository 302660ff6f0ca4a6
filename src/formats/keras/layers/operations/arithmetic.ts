import * as tf from "../../../../base/tfjs.ts";
import { type Operation, operation, type Operations } from "./operation.ts";
import { detach, type Operand, toFloat, toTensor } from "./values.ts";

/** An operation with one operand. */
function unary(compute: (x: tf.Tensor) => tf.Tensor): Operation {
  return operation("x|input|features|tensor", compute);
}

/** An operation with two operands, either of which may be a constant. */
function binary(compute: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor): Operation {
  return operation("x1|x|a, x2|y|b", (a: Operand, b: Operand) => compute(toTensor(a), toTensor(b)));
}

const same = unary((x) => x.clone());
const floorDivide = (a: tf.Tensor, b: tf.Tensor) => tf.floor(tf.div(a, b));

const add = binary((a, b) => tf.add(a, b));
const subtract = binary((a, b) => tf.sub(a, b));
const multiply = binary((a, b) => tf.mul(a, b));
const divide = binary((a, b) => tf.div(toFloat(a), toFloat(b)));
const power = binary((a, b) => tf.pow(toFloat(a), toFloat(b)));
const remainder = binary((a, b) => tf.sub(a, tf.mul(floorDivide(a, b), b)));
const whole = binary(floorDivide);
const absolute = unary((x) => tf.abs(x));
const negative = unary((x) => tf.neg(x));
const divideNoNan = binary((a, b) => {
  const isZero = toFloat(tf.equal(b, 0));
  return tf.div(a, b.add(isZero)).mul(tf.sub(1, isZero));
});
const atan2 = operation("x1|y, x2|x", (a: Operand, b: Operand) => tf.atan2(toTensor(a), toTensor(b)));

/** Arithmetic, element by element. */
export const arithmetic: Operations = {
  abs: absolute,
  absolute,
  add,
  add_n: operation("inputs", (inputs: tf.Tensor[]) => tf.addN(inputs)),
  addv2: add,
  arctan2: atan2,
  atan2,
  ceil: unary((x) => tf.ceil(x)),
  divide,
  divide_no_nan: divideNoNan,
  div_no_nan: divideNoNan,
  fabs: absolute,
  floor: unary((x) => tf.floor(x)),
  floor_divide: whole,
  floordiv: whole,
  floormod: remainder,
  hypot: binary((a, b) => tf.sqrt(a.square().add(b.square()))),
  identity: same,
  copy: same,
  logaddexp: binary((a, b) => {
    const largest = tf.maximum(a, b);
    return largest.add(tf.log(tf.exp(a.sub(largest)).add(tf.exp(b.sub(largest)))));
  }),
  maximum: binary((a, b) => tf.maximum(a, b)),
  minimum: binary((a, b) => tf.minimum(a, b)),
  mod: remainder,
  multiply,
  neg: negative,
  negative,
  pow: power,
  power,
  reciprocal: unary((x) => tf.reciprocal(x)),
  round: unary((x) => tf.round(x)),
  rsqrt: unary((x) => tf.rsqrt(x)),
  sign: unary((x) => tf.sign(x)),
  sqrt: unary((x) => tf.sqrt(x)),
  square: unary((x) => tf.square(x)),
  squared_difference: binary((a, b) => tf.square(tf.sub(a, b))), // taped wrongly by TensorFlow.js where one is spread
  stop_gradient: unary(detach),
  sub: subtract,
  subtract,
  true_divide: divide,
  truediv: divide,
  trunc: unary((x) => tf.sign(x).mul(tf.floor(tf.abs(x)))),
};
