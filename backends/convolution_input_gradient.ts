import * as tf from "../src/base/tfjs.ts";
import type { Keep } from "./kept_weights.ts";
import { conv2dInputGradient } from "./kernels/conv2d_input_gradient.ts";
import { convolutionGeometry } from "./kernels/convolution_geometry.ts";
import { depthwiseInputGradient } from "./kernels/depthwise_input_gradient.ts";
import type { ConvolutionAttributes } from "./kernels/kernel.ts";

/** A convolution whose channels come last. */
export interface ConvolutionCall {
  /** The input's shape and type; of its numbers nothing is read. */
  readonly x: tf.Tensor4D;
  readonly filter: tf.Tensor4D;
  /** Whether each channel has filters of its own. */
  readonly depthwise: boolean;
  readonly attributes: Omit<ConvolutionAttributes, "dataFormat">;
  /** Keeps what is made of the filter. */
  readonly keep: Keep;
}

/**
 * The way back over a convolution to its input: on WebAssembly by this package's kernels, elsewhere by the gradient that
 * TensorFlow.js has.
 *
 * @param gradient ∂ score / ∂ output.
 * @returns ∂ score / ∂ input, of the input's shape; owned by the caller's tidy.
 */
export function convolutionInputGradient(gradient: tf.Tensor, call: ConvolutionCall): tf.Tensor4D {
  const { x, filter, depthwise, attributes, keep } = call;
  if (tf.getBackend() === "wasm") {
    const geometry = convolutionGeometry(x.shape, filter.shape, { ...attributes, depthwise });
    const compute = depthwise ? depthwiseInputGradient : conv2dInputGradient;
    return compute(gradient as tf.Tensor4D, filter, geometry, keep);
  }
  const { gradFunc } = tf.getGradient(depthwise ? "DepthwiseConv2dNative" : "Conv2D");
  const attrs = { ...attributes, dataFormat: "NHWC" } as unknown as tf.NamedAttrMap;
  return gradFunc(gradient, [x, filter], attrs).x!() as tf.Tensor4D;
}
