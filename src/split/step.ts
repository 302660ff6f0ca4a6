import type * as tf from "../base/tfjs.ts";
import type { Shape } from "./model.ts";

/** One call of one layer. A layer used twice is two steps. */
export interface Step {
  /** The layer's path; inside a nested model `outer/inner`; a second use `name:1`. */
  readonly path: string;
  /** The layer that is called. */
  readonly layer: tf.layers.Layer;
  /** Ids of the values it takes. */
  readonly inputs: readonly string[];
  /** Ids of the values it gives. */
  readonly outputs: readonly string[];
  /** The shapes of the values it takes. */
  readonly inputShapes: readonly Shape[];
  /** The shape of the first value it gives. */
  readonly outputShape: Shape;
}
