import type * as tf from "../base/tfjs.ts";
import type { Operation } from "./operation.ts";

/** Any function of its inputs that TensorFlow.js can tape. */
export class Computation implements Operation {
  readonly inputs: readonly string[];
  readonly outputs: readonly [string];
  readonly #compute: (...inputs: tf.Tensor[]) => tf.Tensor;

  constructor(inputs: readonly string[], output: string, compute: (...inputs: tf.Tensor[]) => tf.Tensor) {
    this.inputs = inputs;
    this.outputs = [output];
    this.#compute = compute;
  }

  run(inputs: readonly tf.Tensor[]): tf.Tensor[] {
    const result = this.#compute(...inputs);
    return [inputs.includes(result) ? result.clone() : result];
  }
}
