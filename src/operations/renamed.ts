import type * as tf from "../base/tfjs.ts";
import type { Operation } from "./operation.ts";

/** An operation one of whose values bears another id, so that something can be put in between. */
export class Renamed implements Operation {
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly isWeighted: boolean | undefined;
  readonly #operation: Operation;

  constructor(operation: Operation, from: string, to: string) {
    this.inputs = operation.inputs;
    this.outputs = operation.outputs.map((id) => id === from ? to : id);
    this.isWeighted = operation.isWeighted;
    this.#operation = operation;
  }

  run(inputs: readonly tf.Tensor[]): tf.Tensor[] {
    return this.#operation.run(inputs);
  }
}
