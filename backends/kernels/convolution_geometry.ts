import * as tf from "../../src/base/tfjs.ts";
import { quote } from "../../src/base/quote.ts";
import type { ConvolutionAttributes } from "./kernel.ts";

/** Sizes, strides, dilations and padding of a convolution, worked out by TensorFlow.js. */
export type ConvolutionGeometry = tf.backend_util.Conv2DInfo;

/** The shape `[batch, height, width, channels]`. */
export type Shape4D = [number, number, number, number];

/** Options of {@linkcode convolutionGeometry}. */
export interface ConvolutionGeometryOptions extends ConvolutionAttributes {
  /**
   * Whether each channel is convolved on its own.
   * @default {false}
   */
  readonly depthwise?: boolean;
}

/**
 * Work out the geometry of a convolution with channels last.
 *
 * @param inputShape `[batch, height, width, channels]`
 * @param filterShape `[height, width, input channels, output channels or multiplier]`
 * @param options The convolution's settings.
 * @returns The geometry.
 * @throws {RangeError} If the channels do not come last.
 */
export function convolutionGeometry(
  inputShape: Shape4D,
  filterShape: Shape4D,
  options: ConvolutionGeometryOptions,
): ConvolutionGeometry {
  const { strides, pad, dilations, dataFormat = "NHWC", dimRoundingMode, depthwise = false } = options;
  if (dataFormat !== "NHWC") {
    throw new RangeError(
      `Cannot compute the gradient of a convolution in format ${quote(dataFormat)}: use "NHWC"`,
    );
  }
  return tf.backend_util.computeConv2DInfo(
    inputShape,
    filterShape,
    strides,
    dilations ?? 1,
    pad,
    dimRoundingMode,
    depthwise,
  );
}
