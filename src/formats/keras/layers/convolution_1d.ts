/**
 * Convolutions along one direction, as those of pictures one row high.
 *
 * @module
 */
import * as tf from "../../../base/tfjs.ts";
import { convolve2d, finish, type Pair, withBias } from "./convolution.ts";
import type { KerasLayer, Settings } from "./keras_layer.ts";
import { transposedConvolve2d } from "./transposed_convolution.ts";

function numberOf(value: unknown, otherwise = 1): number {
  return Number([value ?? otherwise].flat()[0]);
}

/** `[n, l, c]` as `[n, 1, l, c]`. */
function asRow(x: tf.Tensor): tf.Tensor4D {
  return x.expandDims(1);
}

/** Strides, dilations and padding of one row. */
function settingsOf(settings: Settings): { strides: Pair; dilations: Pair; padding: "valid" | "same" } {
  return {
    strides: [1, numberOf(settings.strides)],
    dilations: [1, numberOf(settings.dilation_rate)],
    padding: settings.padding === "same" ? "same" : "valid",
  };
}

/** With causal padding nothing is seen of what comes later. */
function padCausally(x: tf.Tensor, settings: Settings): tf.Tensor {
  if (settings.padding !== "causal") return x;
  const reach = (numberOf(settings.kernel_size) - 1) * numberOf(settings.dilation_rate);
  return tf.pad(x, [[0, 0], [reach, 0], [0, 0]]);
}

/** `[n, 1, l, k]` to what the layer gives. */
function finishRow(product: tf.Tensor4D, settings: Settings, bias: tf.Tensor | undefined): tf.Tensor {
  return finish(product.squeeze([1]), settings, bias);
}

/** Depthwise along one row: a stride of its own along one direction is nothing that TensorFlow.js has. */
function depthwise(row: tf.Tensor4D, kernel: tf.Tensor, settings: Settings): tf.Tensor4D {
  const { strides: [, stride], dilations, padding } = settingsOf(settings);
  const filters = kernel.expandDims<tf.Tensor4D>(0);
  const strides: Pair = [stride, stride]; // one row stays one row
  return tf.depthwiseConv2d(row, filters, strides, padding, "NHWC", dilations);
}

/** Conv1D with causal padding or groups. */
const convolutionLayer: KerasLayer = {
  className: "Conv1D",
  weights(settings, input) {
    const filters = numberOf(settings.filters);
    const shape = [numberOf(settings.kernel_size), input.at(-1)! / numberOf(settings.groups), filters];
    return withBias(settings, [{ name: "kernel", shape }], filters);
  },
  call([x], settings, [kernel, bias]) {
    const row = asRow(padCausally(x!, settings));
    const options = { ...settingsOf(settings), groups: numberOf(settings.groups) };
    return finishRow(convolve2d(row, kernel!.expandDims(0), options), settings, bias);
  },
};

const transposedLayer: KerasLayer = {
  className: "Conv1DTranspose",
  weights(settings, input) {
    const filters = numberOf(settings.filters);
    const shape = [numberOf(settings.kernel_size), filters, input.at(-1)!];
    return withBias(settings, [{ name: "kernel", shape }], filters);
  },
  call([x], settings, [kernel, bias]) {
    const { output_padding: outputPadding } = settings;
    const padding = outputPadding === null || outputPadding === undefined
      ? undefined
      : [0, numberOf(outputPadding)] as Pair;
    const options = { ...settingsOf(settings), outputPadding: padding };
    return finishRow(transposedConvolve2d(asRow(x!), kernel!.expandDims(0), options), settings, bias);
  },
};

const depthwiseLayer: KerasLayer = {
  className: "DepthwiseConv1D",
  weights(settings, input) {
    const shape = [numberOf(settings.kernel_size), input.at(-1)!, numberOf(settings.depth_multiplier)];
    return withBias(settings, [{ name: "kernel", shape }], shape[1]! * shape[2]!);
  },
  call: ([x], settings, [kernel, bias]) =>
    finishRow(depthwise(asRow(padCausally(x!, settings)), kernel!, settings), settings, bias),
};

const separableLayer: KerasLayer = {
  className: "SeparableConv1D",
  weights(settings, input) {
    const multiplier = numberOf(settings.depth_multiplier);
    const filters = numberOf(settings.filters);
    const size = numberOf(settings.kernel_size);
    const channels = input.at(-1)!;
    const kernels = [
      { name: "depthwise_kernel", shape: [size, channels, multiplier] },
      { name: "pointwise_kernel", shape: [1, channels * multiplier, filters] },
    ];
    return withBias(settings, kernels, filters);
  },
  call([x], settings, [kernel, pointwise, bias]) {
    const row = depthwise(asRow(padCausally(x!, settings)), kernel!, settings);
    const options = { strides: [1, 1] as Pair, dilations: [1, 1] as Pair, padding: "valid" } as const;
    return finishRow(convolve2d(row, pointwise!.expandDims(0), options), settings, bias);
  },
};

/** All of them. */
export const convolutionLayers1d: readonly KerasLayer[] = [
  convolutionLayer,
  transposedLayer,
  depthwiseLayer,
  separableLayer,
];
