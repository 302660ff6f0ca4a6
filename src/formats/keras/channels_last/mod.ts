/**
 * Models that take their channels first, made to take them last: the settings of their layers are turned, and between
 * layers that go by the order of the numbers and those that do not stands a transposition. The weights are the same.
 *
 * @module
 */
import { transposed } from "../arrays.ts";
import type { Json } from "../inbound.ts";
import type { KerasFile, KerasWeights } from "../keras_file.ts";
import { isModel } from "./model_links.ts";
import { hasTurnedInput, turnWhole } from "./turn_model.ts";

/** Weights of which some are taken in another order of their axes. */
function withAxes(weights: KerasWeights, axes: ReadonlyMap<string, readonly number[]>): KerasWeights {
  if (axes.size === 0) return weights;
  return {
    assign: (layers) =>
      weights.assign(layers).map((read, index) => {
        const order = axes.get(JSON.stringify(layers[index]!.path));
        if (!order) return read;
        return () =>
          read()?.map((array) => array.shape.length === order.length ? transposed(array, order) : array);
      }),
  };
}

/**
 * A network whose channels come first as one whose channels come last.
 *
 * @param file What was read.
 * @returns `undefined` where its channels come last, and where it is no model.
 */
export function inChannelsLast(file: KerasFile): KerasFile | undefined {
  const model = file.config as Json;
  if (!isModel(model)) return undefined;
  const isFirst = JSON.stringify(model).includes('"data_format":"channels_first"');
  if (!isFirst && !hasTurnedInput(model)) return undefined;
  const { config, weightAxes } = turnWhole(model);
  return { ...file, config, weights: withAxes(file.weights, weightAxes) };
}
