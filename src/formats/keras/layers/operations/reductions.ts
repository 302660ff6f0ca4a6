import * as tf from "../../../../base/tfjs.ts";
import { quote } from "../../../../base/quote.ts";
import { largest } from "../sorting.ts";
import { type Operation, operation, type Operations } from "./operation.ts";
import { type Axes, toAxes, toFloat } from "./values.ts";

/** A figure of the elements along some axes, which stay with size 1 where that is asked for. */
function reduction(compute: (x: tf.Tensor, axes: number[], keep: boolean) => tf.Tensor): Operation {
  return operation(
    "x|input_tensor|tensor, axis, keepdims|keep_dims",
    (x: tf.Tensor, axis: Axes, keep?: boolean) => compute(x, toAxes(axis, x.rank), keep === true),
  );
}

const max = reduction((x, axes, keep) => tf.max(x, axes, keep));
const mean = reduction((x, axes, keep) => tf.mean(toFloat(x), axes, keep));
const min = reduction((x, axes, keep) => tf.min(x, axes, keep));
/** The product of all elements along axes, half by half: TensorFlow.js forgets on WebGPU to keep the axes. */
function productOver(x: tf.Tensor, axes: number[], keep: boolean): tf.Tensor {
  const rest = toAxes(undefined, x.rank).filter((axis) => !axes.includes(axis));
  const count = axes.reduce((product, axis) => product * x.shape[axis]!, 1);
  let factors = x.transpose([...rest, ...axes]).reshape([-1, count]); // [rows, count]
  while (factors.shape[1]! > 1) {
    const [rows, size] = factors.shape as [number, number];
    const even = size % 2 === 0 ? factors : tf.concat([factors, tf.ones([rows, 1])], 1);
    const [first, second] = tf.split(even, 2, 1);
    factors = first!.mul(second!);
  }
  const shape = x.shape.flatMap((size, axis) => axes.includes(axis) ? keep ? [1] : [] : [size]);
  return factors.reshape(shape);
}

const prod = reduction(productOver);
const sum = reduction((x, axes, keep) => tf.sum(x, axes, keep));

function varianceOf(x: tf.Tensor, axes: number[], keep: boolean): tf.Tensor {
  return x.sub(x.mean(axes, true)).square().mean(axes, keep);
}

const variance = reduction(varianceOf);
const deviation = reduction((x, axes, keep) => tf.sqrt(varianceOf(x, axes, keep)));

const logSumExp = reduction((x, axes, keep) => {
  const top = x.max(axes, true);
  const result = tf.log(tf.exp(x.sub(top)).sum(axes, true)).add(top);
  return keep ? result : result.squeeze(axes);
});

/** The length of vectors along some axes. */
function lengthOf(x: tf.Tensor, order: unknown, axes: number[], keep: boolean): tf.Tensor {
  if (order === 1) return tf.abs(x).sum(axes, keep);
  if (order === "inf" || order === Infinity) return tf.abs(x).max(axes, keep);
  if (order === undefined || order === 2 || order === "euclidean" || order === "fro") {
    return tf.sqrt(x.square().sum(axes, keep));
  }
  throw new Error(`A norm of order ${quote(order)} is not computed`);
}

const norm = operation(
  "x|tensor, ord, axis, keepdims",
  (x: tf.Tensor, order: unknown, axis: Axes, keep?: boolean) =>
    lengthOf(x, order, toAxes(axis, x.rank), keep === true),
);

const moments = operation(
  "x, axes, shift, keepdims",
  (x: tf.Tensor, axes: Axes, _shift: unknown, keep?: boolean) => {
    const along = toAxes(axes, x.rank);
    return [x.mean(along, keep), varianceOf(x, along, keep === true)];
  },
);

const argmax = operation("x|input, axis", (x: tf.Tensor, axis?: number) => tf.argMax(x, axis ?? -1));
const argmin = operation("x|input, axis", (x: tf.Tensor, axis?: number) => tf.argMin(x, axis ?? -1));

/** An axis brought to the end. */
function withLast(x: tf.Tensor, axis: number): tf.Tensor {
  const order = Array.from({ length: x.rank }, (_, index) => index);
  const [moved] = order.splice((axis + x.rank) % x.rank, 1);
  return x.transpose([...order, moved!]);
}

function medianOf(x: tf.Tensor, axis: Axes = -1, keep = false): tf.Tensor {
  const [along = -1] = toAxes(axis, x.rank);
  const size = x.shape[along]!;
  const half = Math.floor(size / 2);
  const sorted = largest(withLast(x, along), half + 1); // [..., half + 1]
  const middle = size % 2 === 1 ? [half] : [half - 1, half];
  const picked = middle.map((index) =>
    sorted.slice([...x.shape.slice(1).map(() => 0), index], [
      ...sorted.shape.slice(0, -1),
      1,
    ])
  );
  const result = tf.addN(picked).div(middle.length).squeeze([-1]);
  return keep ? result.expandDims(along) : result;
}

/** Sums of all elements up to each, by a product with a triangle of ones: TensorFlow.js's own is taped wrongly. */
function runningSum(x: tf.Tensor, axis = 0): tf.Tensor {
  const along = (axis + x.rank) % x.rank;
  const size = x.shape[along]!;
  const triangle = tf.tensor2d(
    Float32Array.from({ length: size * size }, (_, index) => {
      return Math.floor(index / size) <= index % size ? 1 : 0;
    }),
    [size, size],
  );
  const last = withLast(x, along);
  const sums = last.reshape([-1, size]).matMul(triangle).reshape(last.shape);
  const order = toAxes(undefined, x.rank).filter((index) => index !== x.rank - 1);
  order.splice(along, 0, x.rank - 1);
  return sums.transpose(order);
}

/** Figures of elements along axes. */
export const reductions: Operations = {
  all: reduction((x, axes, keep) => tf.all(x.cast("bool"), axes, keep)),
  amax: max,
  amin: min,
  any: reduction((x, axes, keep) => tf.any(x.cast("bool"), axes, keep)),
  argmax,
  argmin,
  average: mean,
  cumsum: operation("x, axis", runningSum),
  logsumexp: logSumExp,
  max,
  mean,
  median: operation("x, axis, keepdims", medianOf),
  min,
  moments,
  norm,
  prod,
  reduce_logsumexp: logSumExp,
  reduce_max: max,
  reduce_mean: mean,
  reduce_min: min,
  reduce_prod: prod,
  reduce_std: deviation,
  reduce_sum: sum,
  reduce_variance: variance,
  std: deviation,
  sum,
  top_k: operation("x|input, k", (x: tf.Tensor, k?: number) => [largest(x, k ?? 1), tf.topk(x, k).indices]),
  var: variance,
};
