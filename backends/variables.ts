import * as tf from "../src/base/tfjs.ts";

/** The variables that TensorFlow.js holds at this moment, by a name each. */
export function heldVariables(): Set<tf.Variable> {
  return new Set(Object.values(tf.engine().registeredVariables));
}
