import * as tf from "../base/tfjs.ts";
import type { RectifierMemory } from "./operation.ts";

/**
 * Note what each rectifier of a run takes.
 *
 * @param into Where, in the order of the run; the caller disposes it.
 */
export function noteRectifiers(into: tf.Tensor[]): RectifierMemory {
  return {
    rectify(x, { apply }) {
      into.push(tf.keep(x.clone()));
      return apply(x);
    },
  };
}

/**
 * Have each rectifier of a run pass what it passed in the one that was noted: it goes on as it did there, so that the run
 * has none of its kinks.
 *
 * @param noted What it took then.
 */
export function recallRectifiers(noted: readonly tf.Tensor[]): RectifierMemory {
  let at = 0;
  return {
    rectify: (x, { goOn }) => goOn(x, noted[at++]!),
  };
}
