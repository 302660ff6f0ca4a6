import * as tf from "../../src/base/tfjs.ts";
import type { Kernel } from "./kernel.ts";

/** The settings of the pool that is differentiated. */
interface PoolAttributes {
  readonly filterSize: number | [number, number];
  readonly strides: number | [number, number];
  readonly pad: "valid" | "same" | number;
  readonly dimRoundingMode?: "floor" | "round" | "ceil";
}

/** How many elements each window holds that are none of the padding, along one direction. */
function windowCounts(
  { size, outputs, window, stride, before }: Readonly<
    Record<"size" | "outputs" | "window" | "stride" | "before", number>
  >,
): number[] {
  return Array.from({ length: outputs }, (_, index) => {
    const from = index * stride - before;
    return Math.min(from + window, size) - Math.max(from, 0);
  });
}

/**
 * What to multiply each window's gradient with, so that dividing it by the whole window's size gives its share of the
 * elements that are none of the padding.
 *
 * @returns `[1, y, x, 1]`; `undefined` where no window reaches into the padding.
 */
export function paddingCorrection(
  shape: [number, number, number, number],
  { filterSize, strides, pad, dimRoundingMode }: PoolAttributes,
): tf.Tensor4D | undefined {
  const pool = tf.backend_util.computePool2DInfo(shape, filterSize, strides, 1, pad, dimRoundingMode);
  const rows = windowCounts({
    size: pool.inHeight,
    outputs: pool.outHeight,
    window: pool.filterHeight,
    stride: pool.strideHeight,
    before: pool.padInfo.top,
  });
  const columns = windowCounts({
    size: pool.inWidth,
    outputs: pool.outWidth,
    window: pool.filterWidth,
    stride: pool.strideWidth,
    before: pool.padInfo.left,
  });
  const whole = pool.filterHeight * pool.filterWidth;
  const factors = rows.flatMap((row) => columns.map((column) => whole / (row * column)));
  if (factors.every((factor) => factor === 1)) return undefined;
  return tf.tensor4d(factors, [1, pool.outHeight, pool.outWidth, 1]);
}

/**
 * TensorFlow.js divides by the number of elements without the padding on the way forth, and by the size of the whole
 * window on the way back.
 */
export const averagePoolGradientKernel: Kernel<PoolAttributes> = {
  name: "AvgPoolGrad",
  backends: ["cpu", "wasm", "webgpu"],
  replaces: true,
  run({ inputs, attributes, original }) {
    const { dy, input } = inputs;
    const correction = paddingCorrection(input!.shape as [number, number, number, number], attributes);
    return original(attributes, correction && { dy: dy!.mul(correction), input: input! });
  },
};
