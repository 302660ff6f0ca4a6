/** Gradients that TensorFlow.js has none of, or wrong ones, on small tensors and by hand. */
import * as tf from "@tensorflow/tfjs";
import { assertEquals, assertLessOrEqual } from "@std/assert";
import { largestDifference, leavingNoTensors, testedBackends, tryBackend } from "../../src/testing/mod.ts";

/** A function of one tensor, and the gradient of its sum. */
interface Row {
  readonly name: string;
  readonly x: tf.TensorLike;
  readonly shape: number[];
  compute(x: tf.Tensor): tf.Tensor;
  /** What comes back for each element where 1 comes back for each of the result. */
  readonly gradient: readonly number[];
}

const rows: readonly Row[] = [
  {
    name: "the larger of two, one spread",
    x: [1, 5],
    shape: [1, 2],
    compute: (x) => tf.maximum(x, tf.tensor2d([[0, 9], [2, 3], [0, 0]])), // x is the larger in 2 and 2 rows
    gradient: [2, 2],
  },
  {
    name: "the smaller of two, the first of equals",
    x: [1, 5],
    shape: [1, 2],
    compute: (x) => tf.minimum(x, tf.tensor2d([[1, 9], [2, 3], [0, 0]])),
    gradient: [2, 1],
  },
  {
    name: "a squared difference, one spread",
    x: [1, 5],
    shape: [1, 2],
    compute: (x) => tf.squaredDifference(x, tf.tensor2d([[0, 9], [2, 3]])), // 2 (1 − 0) + 2 (1 − 2), 2 (5 − 9) + 2 (5 − 3)
    gradient: [0, -4],
  },
  {
    name: "a choice by a comparison",
    x: [-1, 2, 3],
    shape: [3],
    compute: (x) => x.mul(tf.greater(x, 0).cast("float32")),
    gradient: [0, 1, 1],
  },
  {
    name: "the largest two of each row, the first weighed",
    x: [4, 7, 5, 1, 2, 3],
    shape: [2, 3],
    compute: (x) => tf.topk(x, 2).values.mul(tf.tensor2d([[10, 1], [20, 2]])), // 7, 5 and 3, 2
    gradient: [0, 10, 1, 0, 2, 20],
  },
  {
    name: "truths as numbers, axes moved about",
    x: [-1, 2, 3, -4],
    shape: [1, 2, 2, 1],
    compute(x) {
      const many = tf.tile(x, [1, 1, 1, 500]);
      return many.mul(tf.less(many, 0).cast("float32").sum([1], true)); // one below 0 in each column
    },
    gradient: [500, 500, 500, 500],
  },
  {
    name: "an average pool over the padding",
    x: [1, 2, 3],
    shape: [1, 1, 3, 1],
    compute: (x) => tf.avgPool(x as tf.Tensor4D, [1, 2], 1, "same"), // (1 + 2) / 2, (2 + 3) / 2, 3
    gradient: [0.5, 1, 1.5],
  },
  {
    name: "a resize to the nearest of pixels with centres",
    x: [1, 2, 3, 4, 5],
    shape: [1, 1, 5, 1],
    compute: (x) => tf.image.resizeNearestNeighbor(x as tf.Tensor4D, [1, 3], false, true), // 1, 3, 5
    gradient: [1, 0, 1, 0, 1],
  },
  {
    name: "a slice with steps, backwards",
    x: [1, 2, 3, 4, 5, 6],
    shape: [6],
    compute: (x) => tf.stridedSlice(x, [4], [0], [-2]).mul(tf.tensor1d([10, 1])), // 5 · 10, 3 · 1
    gradient: [0, 0, 1, 0, 10, 0],
  },
  {
    name: "a slice with steps of rows",
    x: [1, 2, 3, 4, 5, 6],
    shape: [3, 2],
    compute: (x) => tf.stridedSlice(x, [0, 1], [3, 2], [2, 1], 0, 0, 0, 0, 2), // the second column's 2 and 6
    gradient: [0, 1, 0, 0, 0, 1],
  },
  {
    name: "running sums along an axis that is not the last",
    x: [1, 2, 3, 4],
    shape: [2, 1, 2],
    compute: (x) => tf.cumsum(x, 0),
    gradient: [2, 2, 1, 1],
  },
  {
    name: "running sums of six and of three",
    x: [1, 2, 3, 4, 5, 6],
    shape: [1, 6],
    compute(x) {
      const many = tf.tile(x, [500, 1]); // small tensors never reach a GPU
      const sixes = tf.cumsum(many, 1), threes = tf.cumsum(many.reshape([1000, 3]), 1);
      return tf.add(sixes, threes.reshape([500, 6])).mul(tf.tensor1d([1, 2, 3, 4, 5, 6]));
    },
    gradient: [27, 25, 21, 30, 22, 12].map((value) => 500 * value), // 21 + 6, 20 + 5, 18 + 3, 15 + 15, 11 + 11, 6 + 6
  },
  {
    name: "a convolution over depth, whose steps leave some of it out",
    x: [1, 2, 3, 4, 5, 6, 7, 8],
    shape: [1, 4, 1, 2, 1],
    // Two taps down, 10 and 1, two steps apart; across, the padding is on the right.
    compute: (x) =>
      tf.conv3d(x as tf.Tensor5D, tf.tensor5d([10, 20, 1, 2], [2, 1, 2, 1, 1]), [2, 1, 1], "same"),
    gradient: [10, 30, 1, 3, 10, 30, 1, 3],
  },
  {
    name: "padding of five axes",
    x: [1, 2],
    shape: [1, 1, 2, 1, 1],
    compute: (x) => tf.pad(x, [[0, 0], [1, 0], [0, 1], [0, 0], [0, 2]]).square(),
    gradient: [2, 4],
  },
];

for (const backend of testedBackends) {
  Deno.test(`gradients on ${backend}`, async (t) => {
    const reason = await tryBackend(backend);
    for (const { name, x: values, shape, compute, gradient: expected } of rows) {
      await t.step({
        name: reason ? `${name} (${reason})` : name,
        ignore: reason !== undefined,
        fn: () =>
          leavingNoTensors(async () => {
            const x = tf.tensor(values, shape);
            const gradient = tf.grad((x: tf.Tensor) => compute(x).sum())(x);
            assertEquals(gradient.shape, shape);
            assertLessOrEqual(largestDifference(await gradient.data(), expected), 1e-6);
            tf.dispose([x, gradient]);
          }),
      });
    }
  });
}
