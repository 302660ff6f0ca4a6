import * as tf from "../../../../base/tfjs.ts";
import { convolve2d, type Pair, pairOf } from "../convolution.ts";
import { unitLength } from "../joining.ts";
import { rootMeanSquare, standardize } from "../layer_normalization.ts";
import { adaptiveAverage, adaptiveMax } from "../pooling.ts";
import { operation, type Operations } from "./operation.ts";
import { type Axes, type Operand, toAxes, toTensor } from "./values.ts";

type Padding = "valid" | "same";

/** Height and width of a setting that may name all four directions. */
function directions(value: unknown, otherwise: unknown): Pair {
  const list = [value ?? otherwise ?? 1].flat() as number[];
  return list.length === 4 ? [list[1]!, list[2]!] : pairOf(list);
}

function paddingOf(value: unknown): Padding {
  return String(value ?? "valid").toLowerCase() as Padding;
}

function convolution(x: tf.Tensor4D, kernel: Operand, strides: unknown, padding: unknown, dilation: unknown) {
  const filter = toTensor(kernel) as tf.Tensor4D;
  return convolve2d(x, filter, {
    strides: directions(strides, 1),
    padding: paddingOf(padding),
    dilations: directions(dilation, 1),
    groups: x.shape[3] / filter.shape[2],
  });
}

function depthwise(x: tf.Tensor4D, kernel: Operand, strides: unknown, padding: unknown, dilation: unknown) {
  const [down, right] = [directions(strides, 1), directions(dilation, 1)];
  return tf.depthwiseConv2d(x, toTensor(kernel) as tf.Tensor4D, down, paddingOf(padding), "NHWC", right);
}

function pool(compute: (x: tf.Tensor4D, size: Pair, strides: Pair, padding: Padding) => tf.Tensor4D) {
  return (x: tf.Tensor4D, size: unknown, strides: unknown, padding: unknown) =>
    compute(x, directions(size, 1), directions(strides, size), paddingOf(padding));
}

const convolutionTakes = "inputs|input, kernel|filters|filter, strides, padding, dilation_rate|dilations";
const poolTakes = "inputs|input|value, pool_size|ksize, strides, padding";
const averagePool = operation(
  poolTakes,
  pool((x, size, strides, padding) => tf.avgPool(x, size, strides, padding)),
);
const maxPool = operation(
  poolTakes,
  pool((x, size, strides, padding) => tf.maxPool(x, size, strides, padding)),
);

function batchNorm(
  x: tf.Tensor,
  mean: Operand,
  variance: Operand,
  axis: number | undefined,
  offset: Operand | undefined,
  scale: Operand | undefined,
  epsilon = 1e-3,
): tf.Tensor {
  const along = ((axis ?? -1) + x.rank) % x.rank;
  const shape = x.shape.map((size, index) => index === along ? size : 1);
  const spread = (value: Operand) => {
    const values = toTensor(value);
    return values.rank === 1 ? values.reshape(shape) : values;
  };
  const inverse = tf.rsqrt(spread(variance).add(epsilon));
  const scaled = x.sub(spread(mean)).mul(scale === undefined ? inverse : inverse.mul(spread(scale)));
  return offset === undefined ? scaled : scaled.add(spread(offset));
}

function layerNorm(
  x: tf.Tensor,
  gamma: Operand | undefined,
  beta: Operand | undefined,
  axis: Axes = -1,
  epsilon = 1e-7,
  isRootMeanSquare = false,
): tf.Tensor {
  const axes = toAxes(axis, x.rank);
  const standard = isRootMeanSquare ? rootMeanSquare(x, axes, epsilon) : standardize(x, axes, epsilon);
  const scaled = gamma === undefined ? standard : standard.mul(toTensor(gamma));
  return beta === undefined ? scaled : scaled.add(toTensor(beta));
}

function depthToSpace(x: tf.Tensor4D, block: number): tf.Tensor4D {
  const [batch, height, width, channels] = x.shape;
  const depth = channels / block ** 2;
  return x.reshape([batch * height, width, block, block * depth]).transpose([0, 2, 1, 3])
    .reshape([batch, height * block, width * block, depth]);
}

function spaceToDepth(x: tf.Tensor4D, block: number): tf.Tensor4D {
  const [batch, height, width, channels] = x.shape;
  return x.reshape([batch * height / block, block, width / block, block * channels]).transpose([0, 2, 1, 3])
    .reshape([batch, height / block, width / block, block ** 2 * channels]);
}

function normalize(x: tf.Tensor, axis: number | number[] = -1, order = 2): tf.Tensor {
  if (order !== 2) throw new Error(`Normalising by a norm of order ${order} is not computed`);
  return unitLength(x, axis);
}

const layerNormalization = operation("x, gamma, beta, axis, epsilon, rms_scaling", layerNorm);
const rmsNormalization = operation(
  "x, scale, axis, epsilon",
  (x: tf.Tensor, scale: Operand | undefined, axis: Axes, epsilon: number | undefined) =>
    layerNorm(x, scale, undefined, axis, epsilon, true),
);
const batchNormalization = operation(
  "x, mean, variance, axis, offset|beta, scale|gamma, epsilon|variance_epsilon",
  batchNorm,
);

/** Operations of networks. */
export const networks: Operations = {
  adaptive_average_pool: operation("inputs, output_size", adaptiveAverage),
  adaptive_max_pool: operation("inputs, output_size", adaptiveMax),
  average_pool: averagePool,
  avg_pool: averagePool,
  avg_pool2d: averagePool,
  batch_norm: batchNormalization,
  batch_normalization: batchNormalization,
  bias_add: operation("value|x, bias", (x: tf.Tensor, bias: Operand) => x.add(toTensor(bias))),
  conv: operation(convolutionTakes, convolution),
  conv2d: operation(convolutionTakes, convolution),
  depth_to_space: operation("x|input, block_size", depthToSpace),
  depthwise_conv: operation(convolutionTakes, depthwise),
  depthwise_conv2d: operation(convolutionTakes, depthwise),
  l2_normalize: operation("x, axis", (x: tf.Tensor, axis: number | number[]) => unitLength(x, axis)),
  layer_norm: layerNormalization,
  layer_normalization: layerNormalization,
  local_response_normalization: operation(
    "input, depth_radius, bias, alpha, beta",
    tf.localResponseNormalization<tf.Tensor4D>,
  ),
  max_pool: maxPool,
  max_pool2d: maxPool,
  normalize: operation("x, axis, order", normalize),
  rms_norm: rmsNormalization,
  rms_normalization: rmsNormalization,
  separable_conv: operation(
    "inputs, depthwise_kernel, pointwise_kernel, strides, padding, dilation_rate",
    (
      x: tf.Tensor4D,
      kernel: Operand,
      pointwise: Operand,
      strides: unknown,
      padding: unknown,
      dilation: unknown,
    ) => convolution(depthwise(x, kernel, strides, padding, dilation), pointwise, 1, "valid", 1),
  ),
  space_to_depth: operation("x|input, block_size", spaceToDepth),
};
