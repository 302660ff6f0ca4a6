import * as tf from "../../../../base/tfjs.ts";
import { type Operation, operation, type Operations } from "./operation.ts";
import { type Operand, toTensor } from "./values.ts";

function comparison(compute: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor): Operation {
  return operation("x1|x|a, x2|y|b", (a: Operand, b: Operand) => compute(toTensor(a), toTensor(b)));
}

const and = comparison((a, b) => tf.logicalAnd(a.cast("bool"), b.cast("bool")));
const or = comparison((a, b) => tf.logicalOr(a.cast("bool"), b.cast("bool")));
const not = operation("x", (x: tf.Tensor) => tf.logicalNot(x.cast("bool")));

/** The shape that several are spread to together. */
function commonShape(tensors: readonly tf.Tensor[]): number[] {
  return tensors.reduce(
    (shape: number[], tensor) => tf.broadcast_util.assertAndGetBroadcastShape(shape, tensor.shape),
    [],
  );
}

/** x spread to a shape. TensorFlow.js's choice does it too, but forgets it on the way back. */
function spread(x: tf.Tensor, shape: number[]): tf.Tensor {
  return tf.util.arraysEqual(x.shape, shape) ? x : tf.broadcastTo(x, shape);
}

/** One value where a condition holds and another elsewhere. */
function choose(condition: tf.Tensor, a: Operand, b: Operand): tf.Tensor {
  const yes = toTensor(a), no = toTensor(b);
  const shape = commonShape([condition, yes, no]);
  return tf.where(
    spread(condition.cast("float32"), shape).cast("bool"),
    spread(yes, shape),
    spread(no, shape),
  );
}

/** Comparisons and choices by them. */
export const comparisons: Operations = {
  equal: comparison((a, b) => tf.equal(a, b)),
  greater: comparison((a, b) => tf.greater(a, b)),
  greater_equal: comparison((a, b) => tf.greaterEqual(a, b)),
  less: comparison((a, b) => tf.less(a, b)),
  less_equal: comparison((a, b) => tf.lessEqual(a, b)),
  logical_and: and,
  logical_not: not,
  logical_or: or,
  not_equal: comparison((a, b) => tf.notEqual(a, b)),
  where: operation("condition, x1|x, x2|y", choose),
};
