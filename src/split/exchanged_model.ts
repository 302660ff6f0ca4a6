import * as tf from "../base/tfjs.ts";
import type { ExplainableModel, SplitOptions } from "./model.ts";

/**
 * A model in whose place other operations are computed, between the same values. It is the model's for as long as that is open.
 *
 * @param model The model; it stays as it is.
 * @param exchange Gives the operations in the place of its own.
 */
export function exchangedModel(
  model: ExplainableModel,
  exchange: NonNullable<SplitOptions["exchange"]>,
): ExplainableModel {
  return {
    name: model.name,
    format: model.format,
    inputs: model.inputs,
    outputs: model.outputs,
    labels: model.labels,
    preprocessing: model.preprocessing,
    writer: model.writer,
    notes: model.notes,
    get layers() {
      return model.layers;
    },
    pixelEvidence: (options) => model.pixelEvidence(options),
    split: (layer, options) => model.split(layer, { ...options, exchange }),
    splitAtPicture: (options) => model.splitAtPicture({ ...options, exchange }),
    ...(model.attention && { attention: (options) => model.attention!(options) }),
    ...(model.splitAtAttention && {
      splitAtAttention: (block, options) => model.splitAtAttention!(block, { ...options, exchange }),
    }),
    predict(x, options) {
      const split = model.splitAtPicture({ ...options, exchange });
      return tf.tidy(() => {
        const { activation, carried } = split.head(x);
        return split.finish(split.tail(activation, carried));
      });
    },
    dispose() {},
    [Symbol.dispose]() {},
  };
}
