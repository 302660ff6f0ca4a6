import type * as tf from "../../../../base/tfjs.ts";
import type { KerasLayer, Settings } from "../keras_layer.ts";
import { operationLayer } from "./mod.ts";

/**
 * A Lambda layer whose function is known: several operations, each of what is given to the layer and of what those before
 * it give, which are numbered in this order.
 */
export const stepsLayer: KerasLayer = {
  className: "Lambda",
  call(inputs, { steps }) {
    const values = [...inputs];
    for (const step of steps as Settings[]) values.push(operationLayer.call(values, step, []) as tf.Tensor);
    return values.at(-1)!;
  },
};
