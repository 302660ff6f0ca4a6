/**
 * Convolutions and products written so that the tape goes through them to their input alone. Fused, as
 * TensorFlow.js runs them, their gradient always includes that of the weights, which a map has no use for.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";

/** A convolution's numbers. */
export interface Convolution {
  /** `[kh, kw, c, k]`; depthwise `[kh, kw, c, multiplier]`. */
  readonly filter: tf.Tensor4D;
  /** `[k]`, if there is one. */
  readonly bias: tf.Tensor | undefined;
  /** Steps down and right. */
  readonly strides: [number, number];
  /** Padding as TensorFlow.js takes it. */
  readonly pad: "same" | "valid" | number | tf.backend_util.ExplicitPadding;
  /** Distances between taps down and right. */
  readonly dilations: [number, number];
  /** Whether each channel has filters of its own. */
  readonly depthwise: boolean;
}

/** A convolution of `x`, `[n, h, w, c]`, with its bias and no activation. */
export function convolve(
  x: tf.Tensor4D,
  { filter, bias, strides, pad, dilations, depthwise }: Convolution,
): tf.Tensor4D {
  const product = depthwise
    ? tf.depthwiseConv2d(x, filter, strides, pad, "NHWC", dilations)
    : tf.conv2d(x, filter, strides, pad, "NHWC", dilations);
  return bias ? product.add<tf.Tensor4D>(bias) : product;
}

/** `x · kernel + bias` for `x` `[n, c]`. */
export function multiply(x: tf.Tensor2D, kernel: tf.Tensor2D, bias: tf.Tensor | undefined): tf.Tensor2D {
  const product = x.matMul(kernel) as tf.Tensor2D;
  return bias ? product.add(bias) as tf.Tensor2D : product;
}
