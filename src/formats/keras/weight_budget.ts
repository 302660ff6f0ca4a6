import { countOf } from "../../base/tensor_info.ts";
import * as tf from "../../base/tfjs.ts";
import { reserveTensor } from "../../../backends/weights.ts";
import { ModelError } from "../../base/errors.ts";
import { quote } from "../../base/quote.ts";

/** What gives a weight its first values. */
interface Initializer {
  apply(shape: number[], dtype?: tf.DataType): tf.Tensor;
}

/** How a layer makes room for a weight, which TensorFlow.js keeps to layers. */
interface LayerMethods {
  addWeight(
    name: string,
    shape: number[],
    dtype: tf.DataType | undefined,
    initializer: Initializer,
    ...rest: unknown[]
  ): tf.LayerVariable;
}

/** Room alone: whatever a weight would begin with is replaced by what the file holds. */
const unfilled: Initializer = { apply: (shape) => reserveTensor(shape) };

/**
 * Build a model whose architecture may ask for any amount of memory, but not for more than its file can fill. All
 * layers, those of a user too, make room for their weights by one method. Of float32 it remains unfilled.
 *
 * @param limit How many numbers the file can hold.
 * @param name What to call the model in messages.
 * @param build Builds it before it returns, so that no other model is built meanwhile.
 * @throws {ModelError} If a layer asks for more.
 */
export function withinBudget<T>(limit: number, name: string, build: () => T): T {
  const layers = tf.layers.Layer.prototype as unknown as LayerMethods;
  const { addWeight } = layers;
  let left = limit;
  layers.addWeight = function (this: tf.layers.Layer, weight, shape, dtype, initializer, ...rest) {
    left -= countOf(shape);
    if (left >= 0) {
      let variable: tf.LayerVariable;
      // It forgets what it filled the weight with where it cannot make it, as of a layer whose name it does not take.
      tf.tidy(() => {
        const first = (dtype ?? "float32") === "float32" ? unfilled : initializer;
        variable = addWeight.call(this, weight, shape, dtype, first, ...rest);
      });
      return variable!;
    }
    throw new ModelError(
      `Cannot open model ${quote(name)}: layer ${quote(this.name)} takes weights [${
        shape.join(", ")
      }], more than the file can hold`,
    );
  };
  try {
    return build();
  } finally {
    layers.addWeight = addWeight;
  }
}
