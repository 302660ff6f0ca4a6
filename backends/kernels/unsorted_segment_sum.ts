import * as tf from "@tensorflow/tfjs";
import type { ComposedKernel } from "./kernel.ts";

/** Sums of rows by segment: the way back of gathering rows. It is a product with a matrix of ones and zeros. */
export const unsortedSegmentSum: ComposedKernel = {
  name: "UnsortedSegmentSum",
  backends: ["wasm"],
  compute({ x, segmentIds }, { numSegments }) {
    const [rows, ...rest] = x!.shape;
    const membership = tf.oneHot(segmentIds!.toInt(), numSegments).toFloat(); // [rows, segments]
    return tf.matMul(membership as tf.Tensor2D, x!.reshape([rows!, -1]) as tf.Tensor2D, true)
      .reshape([numSegments, ...rest]);
  },
};
