import * as tf from "../../src/base/tfjs.ts";
import type { ExtendedGradient } from "./kernel.ts";

/** The settings of the slice that is differentiated. */
interface SliceAttributes {
  readonly begin: number[];
  readonly end: number[];
  readonly strides: number[];
  readonly beginMask: number;
  readonly endMask: number;
  readonly ellipsisMask: number;
  readonly newAxisMask: number;
  readonly shrinkAxisMask: number;
}

/** Elements a stride apart along an axis, with zeros between them: each row of the axes after it becomes longer. */
function spreadOut(x: tf.Tensor, axis: number, stride: number): tf.Tensor {
  if (stride === 1) return x;
  const count = x.shape[axis]!;
  const before = x.shape.slice(0, axis), after = x.shape.slice(axis + 1);
  const row = after.reduce((product, size) => product * size, 1);
  const rows = x.reshape([-1, count, row]);
  const apart = tf.pad(rows, [[0, 0], [0, 0], [0, (stride - 1) * row]]).reshape([-1, count * stride, row]);
  const reach = (count - 1) * stride + 1;
  return apart.slice([0, 0, 0], [apart.shape[0]!, reach, row]).reshape([...before, reach, ...after]);
}

/**
 * The gradient of a slice with steps: what comes back for an element goes to where it was taken from, all others get 0.
 *
 * @param outputGradient In the shape that the slice gave.
 * @param shape That of what was sliced.
 */
export function stridedSliceGradient(
  outputGradient: tf.Tensor,
  shape: number[],
  attributes: SliceAttributes,
): tf.Tensor {
  const { begin, end, strides } = tf.slice_util.sliceInfo(
    shape,
    attributes.begin,
    attributes.end,
    attributes.strides,
    attributes.beginMask,
    attributes.endMask,
    attributes.ellipsisMask,
    attributes.newAxisMask,
    attributes.shrinkAxisMask,
  );
  const counts = shape.map((_, axis) => Math.ceil((end[axis]! - begin[axis]!) / strides[axis]!));
  const whole = outputGradient.reshape(counts); // without the axes that it added, with those that it took away
  return shape.reduce((placed: tf.Tensor, size, axis) => {
    const stride = strides[axis]!;
    const reach = (counts[axis]! - 1) * Math.abs(stride) + 1;
    const first = stride > 0 ? begin[axis]! : begin[axis]! - reach + 1;
    const ascending = stride > 0 ? placed : tf.reverse(placed, axis);
    const paddings = shape.map((_, index): [number, number] =>
      index === axis ? [first, size - first - reach] : [0, 0]
    );
    return tf.pad(spreadOut(ascending, axis, Math.abs(stride)), paddings);
  }, whole);
}

/** TensorFlow.js has none. */
export const stridedSliceGradientExtension: ExtendedGradient = {
  name: "StridedSlice",
  extend: () => ({
    kernelName: "StridedSlice",
    inputsToSave: ["x"],
    gradFunc(outputGradient, [x], attributes) {
      const settings = attributes as unknown as SliceAttributes;
      return { x: () => stridedSliceGradient(outputGradient as tf.Tensor, x!.shape, settings) };
    },
  }),
};
