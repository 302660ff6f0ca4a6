import * as tf from "../base/tfjs.ts";
import { Affine, type AffineSource } from "../operations/affine.ts";
import { batchNorm } from "../operations/batch_norm.ts";
import type { Weight } from "../operations/weight.ts";
import { computationOf, type NodeTranslator } from "./graph_translation.ts";

/** The statistics of the batch itself, which Keras 2's layer normalisation is made of; TensorFlow.js ignores that. */
const ownBatchNorm: NodeTranslator = ({ input, output, operand, attribute }) => {
  const isChannelsFirst = (attribute<string>("dataFormat") ?? "NHWC").toUpperCase() === "NCHW";
  const epsilon = attribute<number>("epsilon") ?? 1e-3;
  const [scale, offset] = [operand(1), operand(2)];
  if (scale === undefined || offset === undefined) return undefined;
  return [
    computationOf([input, scale, offset], output, (x, scale, offset) => {
      const axes = isChannelsFirst ? [0, 2, 3] : [0, 1, 2];
      const spread = (values: tf.Tensor) => isChannelsFirst ? values.reshape([1, -1, 1, 1]) : values;
      const { mean, variance } = tf.moments(x!, axes, true);
      return x!.sub(mean).mul(tf.rsqrt(variance.add(epsilon))).mul(spread(scale!)).add(spread(offset!));
    }),
  ];
};

/**
 * A batch norm by the statistics of training.
 *
 * @param weights γ, β, the mean and the variance, each of as many numbers as there are channels.
 */
export function channelNorm(weights: readonly Weight[], epsilon: number): AffineSource {
  const read = (at: number) => {
    const tensor = weights[at]!.read();
    return (tensor.rank === 1 ? tensor : tensor.flatten()) as tf.Tensor1D;
  };
  return batchNorm(() => ({ gamma: read(0), beta: read(1), mean: read(2), variance: read(3), epsilon }));
}

/** Batch norm. */
export const translateBatchNorm: NodeTranslator = (context) => {
  const { node, input, output, operand, attribute } = context;
  if (node.rawAttrs?.is_training?.b !== false) return ownBatchNorm(context); // true where it is left out
  const weights = [1, 2, 3, 4].map(operand).filter((one) => one !== undefined && typeof one !== "string");
  const isPlain = (attribute<string>("dataFormat") ?? "NHWC").toUpperCase() === "NHWC";
  if (!isPlain || weights.length < 4) return undefined;
  return [new Affine(input, output, channelNorm(weights, attribute<number>("epsilon") ?? 1e-3))];
};
