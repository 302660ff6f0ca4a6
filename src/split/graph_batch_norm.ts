import * as tf from "../base/tfjs.ts";
import { Affine } from "../operations/affine.ts";
import { batchNorm } from "../operations/batch_norm.ts";
import { Computation } from "../operations/computation.ts";
import { type NodeTranslator, valueId } from "./graph_translation.ts";

/** The statistics of the batch itself, which Keras 2's layer normalisation is made of; TensorFlow.js ignores that. */
const ownBatchNorm: NodeTranslator = ({ node, input, output, constant, isLive, attribute }) => {
  const isChannelsFirst = (attribute<string>("dataFormat") ?? "NHWC").toUpperCase() === "NCHW";
  const epsilon = attribute<number>("epsilon") ?? 1e-3;
  const [scale, offset] = [1, 2].map((index) => constant(index));
  const given = [1, 2].filter((index) => isLive(index));
  if (![1, 2].every((index) => isLive(index) || constant(index))) return undefined;
  const inputs = [input, ...given.map((index) => valueId(node.inputNames[index]!))];
  return [
    new Computation(inputs, output, (x, ...live) => {
      const axes = isChannelsFirst ? [0, 2, 3] : [0, 1, 2];
      const spread = (values: tf.Tensor) => isChannelsFirst ? values.reshape([1, -1, 1, 1]) : values;
      const gains = spread(scale ?? live.shift()!), offsets = spread(offset ?? live.shift()!);
      const { mean, variance } = tf.moments(x, axes, true);
      return x.sub(mean).mul(tf.rsqrt(variance.add(epsilon))).mul(gains).add(offsets);
    }),
  ];
};

/** Batch norm. */
export const translateBatchNorm: NodeTranslator = (context) => {
  const { node, input, output, constant, attribute } = context;
  if (node.rawAttrs?.is_training?.b !== false) return ownBatchNorm(context); // true where it is left out
  const [scale, offset, mean, variance] = [1, 2, 3, 4].map((index) =>
    constant(index) as tf.Tensor1D | undefined
  );
  const epsilon = attribute<number>("epsilon") ?? 1e-3;
  const isPlain = (attribute<string>("dataFormat") ?? "NHWC").toUpperCase() === "NHWC";
  if (!isPlain || !scale || !offset || !mean || !variance) return undefined;
  const weights = { mean, variance, gamma: scale, beta: offset, epsilon };
  return [new Affine(input, output, batchNorm(() => weights))];
};
