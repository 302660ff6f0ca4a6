import * as tf from "@tensorflow/tfjs";
import { insertZeros } from "./insert_zeros.ts";
import { type ComposedKernel, geometry, type Shape4D } from "./kernel.ts";

/** Put `step − 1` zeros after each row and column. `[n, h, w, k]` → `[n, h · step, w · step, k]` */
function spread(x: tf.Tensor4D, stepHeight: number, stepWidth: number): tf.Tensor4D {
  if (stepHeight === 1 && stepWidth === 1) return x;
  const [batch, height, width, channels] = x.shape;
  return insertZeros(x, [batch * height, width, channels], [stepHeight, stepWidth])
    .reshape([batch, height * stepHeight, width * stepWidth, channels]);
}

/** Add zeros before and after each axis, or cut off where the number is negative. */
function frame(
  x: tf.Tensor4D,
  [top, bottom]: readonly [number, number],
  [left, right]: readonly [number, number],
): tf.Tensor4D {
  const [batch, height, width, channels] = x.shape;
  const [cutTop, cutLeft] = [Math.max(-top, 0), Math.max(-left, 0)];
  const kept = x.slice([0, cutTop, cutLeft, 0], [
    batch,
    height - cutTop - Math.max(-bottom, 0),
    width - cutLeft - Math.max(-right, 0),
    channels,
  ]);
  const added = (size: number) => Math.max(size, 0);
  return kept.pad([[0, 0], [added(top), added(bottom)], [added(left), added(right)], [0, 0]]);
}

/**
 * The gradient of a depthwise convolution with respect to its input: a depthwise convolution of the output's
 * gradient, zeros put between its pixels where the stride is above 1, with the filter turned by 180°.
 */
export const depthwiseInputGradient: ComposedKernel = {
  name: "DepthwiseConv2dNativeBackpropInput",
  backends: ["wasm"],
  compute({ dy, filter }, attributes) {
    const [kernelHeight, kernelWidth, channels, multiplier] = filter!.shape as Shape4D;
    const { inputShape } = attributes;
    const [batch, height, width] = inputShape;
    const convolution = geometry(inputShape, filter!.shape as Shape4D, attributes, true);
    const { strideHeight, strideWidth, dilationHeight, dilationWidth, padInfo } = convolution;
    const { effectiveFilterHeight, effectiveFilterWidth } = convolution;
    const spaced = spread(dy as tf.Tensor4D, strideHeight, strideWidth); // [n, ≈h, ≈w, c · m]
    const top = effectiveFilterHeight - 1 - padInfo.top;
    const left = effectiveFilterWidth - 1 - padInfo.left;
    const bottom = height + effectiveFilterHeight - 1 - top - spaced.shape[1];
    const right = width + effectiveFilterWidth - 1 - left - spaced.shape[2];
    const turned = filter!.reverse([0, 1]).reshape<tf.Tensor4D>([
      kernelHeight,
      kernelWidth,
      channels * multiplier,
      1,
    ]);
    const gradient = tf.depthwiseConv2d(
      frame(spaced, [top, bottom], [left, right]),
      turned,
      1,
      "valid",
      "NHWC",
      [
        dilationHeight,
        dilationWidth,
      ],
    ); // [n, h, w, c · m]
    return multiplier === 1
      ? gradient
      : gradient.reshape([batch, height, width, channels, multiplier]).sum(-1);
  },
};
