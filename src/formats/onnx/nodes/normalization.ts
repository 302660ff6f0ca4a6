import type * as tf from "../../../base/tfjs.ts";
import { Affine } from "../../../operations/affine.ts";
import { batchNorm } from "../../../operations/batch_norm.ts";
import { channelsLast } from "../layout.ts";
import type { NodeTranslator, NodeTranslators } from "../translator.ts";

const batchNormalization: NodeTranslator = (node) => {
  const value = node.live(0);
  if (node.attributes.int("training_mode", 0) === 1) node.fail("is as in training, which has no maps");
  const [gamma, beta, mean, variance] = [1, 2, 3, 4].map((index) => {
    const constant = node.constant(index) ?? node.fail("has no statistics");
    if (constant.shape.length !== 1 || constant.shape[0] !== (value.shape[1] ?? 1)) {
      node.fail("has statistics that do not fit");
    }
    return node.weight(constant);
  });
  const x = value.shape.length < 2 ? value : node.stored(value, channelsLast(value.shape.length));
  const source = batchNorm(() => ({
    gamma: gamma!.read() as tf.Tensor1D,
    beta: beta!.read() as tf.Tensor1D,
    mean: mean!.read() as tf.Tensor1D,
    variance: variance!.read() as tf.Tensor1D,
    epsilon: node.attributes.float("epsilon", 1e-5),
  }));
  return node.emit(new Affine(x.id, node.id(), source), { ...x });
};

/** Normalisations. */
export const normalizationNodes: NodeTranslators = {
  BatchNormalization: batchNormalization,
};
