import * as tf from "../../src/base/tfjs.ts";
import type { Kernel } from "./kernel.ts";

/**
 * Add up the slices of a tensor that belong to the same segment. Segments out of range are dropped, as
 * TensorFlow does.
 *
 * @param values `[n, ...rest]`
 * @param segments `[n]`, the segment that each slice belongs to.
 * @param segmentCount How many segments there are.
 * @returns `[segmentCount, ...rest]`
 */
export function unsortedSegmentSum(values: tf.Tensor, segments: tf.Tensor, segmentCount: number): tf.Tensor {
  const rest = values.shape.slice(1);
  const sliceSize = tf.util.sizeFromShape(rest);
  const data = values.dataSync(), ids = segments.dataSync();
  const sums = values.dtype === "int32"
    ? new Int32Array(segmentCount * sliceSize)
    : new Float32Array(segmentCount * sliceSize);
  ids.forEach((id, slice) => {
    if (id < 0 || id >= segmentCount) return;
    for (let i = 0; i < sliceSize; i++) sums[id * sliceSize + i]! += data[slice * sliceSize + i]!;
  });
  return tf.tensor(sums, [segmentCount, ...rest], values.dtype);
}

/** Missing from TensorFlow.js on WebAssembly; the gradient of `gather` needs it. */
export const unsortedSegmentSumKernel: Kernel<{ numSegments: number }> = {
  name: "UnsortedSegmentSum",
  backends: ["wasm"],
  run({ inputs, attributes }) {
    return unsortedSegmentSum(inputs.x!, inputs.segmentIds!, attributes.numSegments);
  },
};
