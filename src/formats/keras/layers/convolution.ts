import * as tf from "../../../base/tfjs.ts";
import type { Shape } from "../../../split/model.ts";
import { activate } from "./activation_objects.ts";
import type { KerasLayer, LayerWeight, Settings } from "./keras_layer.ts";

/** Two numbers, height first; one stands for both. */
export type Pair = [number, number];

/** A number of each direction, from one number or two. */
export function pairOf(value: unknown, otherwise = 1): Pair {
  const [height = otherwise, width = height] = [value ?? otherwise].flat() as number[];
  return [height, width];
}

/** Options of {@linkcode convolve2d}. */
export interface ConvolutionSettings {
  readonly strides: Pair;
  readonly padding: "valid" | "same";
  readonly dilations: Pair;
  readonly groups?: number;
}

/**
 * A convolution whose channels may be convolved in groups. Where each channel is a group of its own, it is what is called
 * depthwise, which is faster by far.
 */
export function convolve2d(
  x: tf.Tensor4D,
  kernel: tf.Tensor4D,
  { strides, padding, dilations, groups = 1 }: ConvolutionSettings,
): tf.Tensor4D {
  if (groups === 1) return tf.conv2d(x, kernel, strides, padding, "NHWC", dilations);
  const [height, width, channels, filters] = kernel.shape;
  if (channels === 1) {
    const own = kernel.reshape<tf.Tensor4D>([height, width, groups, filters / groups]);
    return tf.depthwiseConv2d(x, own, strides, padding, "NHWC", dilations);
  }
  const parts = tf.split<tf.Tensor4D>(x, groups, -1);
  const kernels = tf.split<tf.Tensor4D>(kernel, groups, -1);
  const results = parts.map((part, index) =>
    tf.conv2d(part, kernels[index]!, strides, padding, "NHWC", dilations)
  );
  return tf.concat<tf.Tensor4D>(results, -1);
}

/** The bias as a layer's last weight, unless it has none. */
export function withBias(settings: Settings, weights: readonly LayerWeight[], size: number): LayerWeight[] {
  return settings.use_bias === false ? [...weights] : [...weights, { name: "bias", shape: [size] }];
}

/** A product with its bias and the layer's activation. */
export function finish(product: tf.Tensor, settings: Settings, bias: tf.Tensor | undefined): tf.Tensor {
  return activate(settings.activation, bias ? product.add(bias) : product);
}

function channelsOf(input: Shape): number {
  return input.at(-1)!;
}

/** How large the result is along one direction. */
function convolvedSize(size: number | null, settings: Settings, direction: 0 | 1): number | null {
  if (size === null) return null;
  const stride = pairOf(settings.strides)[direction];
  const reach = (pairOf(settings.kernel_size)[direction] - 1) * pairOf(settings.dilation_rate)[direction];
  return Math.ceil((settings.padding === "same" ? size : size - reach) / stride);
}

/** Conv2D whose channels are convolved in groups. */
export const groupedConvolutionLayer: KerasLayer = {
  className: "Conv2D",
  weights(settings, input) {
    const filters = Number(settings.filters);
    const shape = [
      ...pairOf(settings.kernel_size),
      channelsOf(input) / Number(settings.groups ?? 1),
      filters,
    ];
    return withBias(settings, [{ name: "kernel", shape }], filters);
  },
  shape: ([batch, height, width], settings) => [
    batch!,
    convolvedSize(height!, settings, 0),
    convolvedSize(width!, settings, 1),
    Number(settings.filters),
  ],
  call([x], settings, [kernel, bias]) {
    const product = convolve2d(x as tf.Tensor4D, kernel as tf.Tensor4D, {
      strides: pairOf(settings.strides),
      padding: settings.padding as "valid" | "same",
      dilations: pairOf(settings.dilation_rate),
      groups: Number(settings.groups ?? 1),
    });
    return finish(product, settings, bias);
  },
};
