import * as tf from "../../../base/tfjs.ts";
import { convolve2d, finish, type Pair, pairOf, withBias } from "./convolution.ts";
import type { KerasLayer } from "./keras_layer.ts";

/** The settings of a transposed convolution. */
export interface TransposedConvolution {
  readonly strides: Pair;
  readonly padding: "valid" | "same";
  readonly dilations: Pair;
  /** Rows and columns that are added to the output; left out where Keras chooses. */
  readonly outputPadding?: Pair | undefined;
}

/** How large the output is along one direction. */
function outputSize(
  size: number,
  kernel: number,
  { strides, padding, dilations, outputPadding }: TransposedConvolution,
  direction: 0 | 1,
): number {
  const stride = strides[direction];
  const extent = (kernel - 1) * dilations[direction] + 1;
  if (outputPadding) {
    const pad = padding === "same" ? Math.floor(extent / 2) : 0;
    return (size - 1) * stride + extent - 2 * pad + outputPadding[direction];
  }
  return size * stride + (padding === "same" ? 0 : Math.max(extent - stride, 0));
}

/**
 * With taps apart from each other, which Keras has with stride 1 alone: the convolution with the kernel turned by
 * half a turn, over the input with a border.
 */
function dilatedTransposed(
  x: tf.Tensor4D,
  kernel: tf.Tensor4D,
  sizes: Pair,
  dilations: Pair,
): tf.Tensor4D {
  const turned = tf.reverse(kernel, [0, 1]).transpose<tf.Tensor4D>([0, 1, 3, 2]); // [kh, kw, c, k]
  const borders = ([0, 1] as const).map((direction): [number, number] => {
    const reach = (kernel.shape[direction] - 1) * dilations[direction];
    const surplus = x.shape[1 + direction]! + reach - sizes[direction]; // what "same" cuts off, less before than after
    const before = reach - Math.floor(surplus / 2);
    return [before, 2 * reach - surplus - before];
  });
  const padded = tf.pad(x, [[0, 0], borders[0]!, borders[1]!, [0, 0]]);
  return convolve2d(padded, turned, { strides: [1, 1], padding: "valid", dilations });
}

/** A transposed convolution: x, `[n, h, w, c]`, by a kernel `[kh, kw, k, c]`. */
export function transposedConvolve2d(
  x: tf.Tensor4D,
  kernel: tf.Tensor4D,
  settings: TransposedConvolution,
): tf.Tensor4D {
  const [batch, height, width] = x.shape;
  const [kernelHeight, kernelWidth, filters] = kernel.shape;
  const sizes: Pair = [
    outputSize(height, kernelHeight, settings, 0),
    outputSize(width, kernelWidth, settings, 1),
  ];
  if (settings.dilations.some((rate) => rate > 1)) {
    return dilatedTransposed(x, kernel, sizes, settings.dilations);
  }
  return tf.conv2dTranspose(x, kernel, [batch, ...sizes, filters], settings.strides, settings.padding);
}

/** Conv2DTranspose with output padding or dilation. */
export const transposedConvolutionLayer: KerasLayer = {
  className: "Conv2DTranspose",
  weights(settings, input) {
    const filters = Number(settings.filters);
    const shape = [...pairOf(settings.kernel_size), filters, input.at(-1)!];
    return withBias(settings, [{ name: "kernel", shape }], filters);
  },
  call([x], settings, [kernel, bias]) {
    const { output_padding: outputPadding } = settings;
    const product = transposedConvolve2d(x as tf.Tensor4D, kernel as tf.Tensor4D, {
      strides: pairOf(settings.strides),
      padding: settings.padding as "valid" | "same",
      dilations: pairOf(settings.dilation_rate),
      outputPadding: outputPadding === null || outputPadding === undefined
        ? undefined
        : pairOf(outputPadding),
    });
    return finish(product, settings, bias);
  },
};
