import type * as tf from "../../src/base/tfjs.ts";
import { convolutionGeometry } from "./convolution_geometry.ts";
import type { ConvolutionAttributes, Kernel, KernelCall, Padding } from "./kernel.ts";

/**
 * On WebAssembly a convolution with padding "same" is wrong where a stride passes over the input's last rows or
 * columns, as with a filter of 1×3 and stride 2 (issue 6629 of TensorFlow.js). With the padding spelt out in
 * pixels it is right.
 */
export const samePaddingKernels: readonly Kernel<ConvolutionAttributes>[] = [
  samePaddingKernel("Conv2D", false),
  samePaddingKernel("DepthwiseConv2dNative", true),
];

function samePaddingKernel(name: string, depthwise: boolean): Kernel<ConvolutionAttributes> {
  return {
    name,
    backends: ["wasm"],
    replaces: true,
    run: (call) => call.original({ ...call.attributes, pad: spellOut(call, depthwise) }),
  };
}

/** The padding of a convolution as WebAssembly computes it right. */
export function spellOut(
  { inputs, attributes }: KernelCall<ConvolutionAttributes>,
  depthwise: boolean,
): Padding {
  const x = inputs.x as tf.Tensor4D, filter = inputs.filter as tf.Tensor4D;
  const { pad, strides, dataFormat } = attributes;
  const strided = [strides].flat().some((stride) => stride > 1);
  if (pad !== "same" || !strided || dataFormat === "NCHW") return pad;
  const { inHeight, inWidth, outHeight, outWidth, strideHeight, strideWidth, padInfo, ...filterSize } =
    convolutionGeometry(x.shape, filter.shape, { ...attributes, depthwise });
  const reachesEnd = (outHeight - 1) * strideHeight + filterSize.effectiveFilterHeight >= inHeight &&
    (outWidth - 1) * strideWidth + filterSize.effectiveFilterWidth >= inWidth;
  if (reachesEnd) return pad;
  return [[0, 0], [padInfo.top, padInfo.bottom], [padInfo.left, padInfo.right], [0, 0]];
}
