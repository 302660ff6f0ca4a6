import type * as tf from "../base/tfjs.ts";
import type { Operation, RectifierKind } from "./operation.ts";

/** Any function of its inputs that TensorFlow.js can tape. */
export class Computation implements Operation {
  readonly inputs: readonly string[];
  readonly outputs: readonly [string];
  readonly rectifier: RectifierKind | undefined;
  readonly #compute: (...inputs: tf.Tensor[]) => tf.Tensor;

  /** @param rectifier Set where it does a rectifier's work. */
  constructor(
    inputs: readonly string[],
    output: string,
    compute: (...inputs: tf.Tensor[]) => tf.Tensor,
    rectifier?: RectifierKind,
  ) {
    this.rectifier = rectifier;
    this.inputs = inputs;
    this.outputs = [output];
    this.#compute = compute;
  }

  run(inputs: readonly tf.Tensor[]): tf.Tensor[] {
    const result = this.#compute(...inputs);
    return [inputs.includes(result) ? result.clone() : result];
  }
}
