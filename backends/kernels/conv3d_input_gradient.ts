import * as tf from "../../src/base/tfjs.ts";
import type { Kernel } from "./kernel.ts";

/** The settings of the convolution that is differentiated. */
interface ConvolutionAttributes {
  readonly strides: number | [number, number, number];
  readonly pad: "valid" | "same";
  readonly inputShape: [number, number, number, number, number];
}

/**
 * The gradient of a convolution over depth, height and width with respect to its input: what comes back for a slice of
 * the output goes, by each slice of the filter, to one slice of the input.
 *
 * @param outputGradient `[n, depth, h, w, k]`
 * @param filter `[kd, kh, kw, c, k]`
 */
export function conv3dInputGradient(
  outputGradient: tf.Tensor5D,
  filter: tf.Tensor5D,
  { strides, pad, inputShape }: ConvolutionAttributes,
): tf.Tensor5D {
  const { strideDepth, strideHeight, strideWidth, padInfo } = tf.backend_util.computeConv3DInfo(
    inputShape,
    filter.shape,
    strides,
    1,
    pad,
  );
  const [batch, depth, height, width, channels] = inputShape;
  const slices = tf.unstack(outputGradient, 1) as tf.Tensor4D[];
  const filters = tf.unstack(filter, 0) as tf.Tensor4D[];
  const planes = Array.from({ length: depth }, (): tf.Tensor4D[] => []);
  slices.forEach((slice, index) =>
    filters.forEach((taps, tap) => {
      const plane = planes[index * strideDepth + tap - padInfo.front]; // none where it lies in the padding
      const shape: [number, number, number, number] = [batch, height, width, channels];
      plane?.push(tf.conv2dTranspose(slice, taps, shape, [strideHeight, strideWidth], pad));
    })
  );
  const sums = planes.map((plane) =>
    plane.length > 0 ? tf.addN(plane) : tf.zeros([batch, height, width, channels])
  );
  return tf.stack(sums, 1) as tf.Tensor5D;
}

/** TensorFlow.js on WebAssembly computes something else. */
export const conv3dInputGradientKernel: Kernel<ConvolutionAttributes> = {
  name: "Conv3DBackpropInputV2",
  backends: ["wasm"],
  replaces: true,
  run({ inputs, attributes }) {
    return conv3dInputGradient(inputs.dy as tf.Tensor5D, inputs.filter as tf.Tensor5D, attributes);
  },
};
