import type * as tf from "../base/tfjs.ts";
import type { Operation, Retrace } from "./operation.ts";

/** Another order of axes. */
export class Transpose implements Operation {
  readonly inputs: readonly [string];
  readonly outputs: readonly [string];
  readonly #order: readonly number[];

  /** @param order Which axis of the input each of the output's is, from 0. */
  constructor(input: string, output: string, order: readonly number[]) {
    this.inputs = [input];
    this.outputs = [output];
    this.#order = order;
  }

  run([x]: readonly tf.Tensor[]): tf.Tensor[] {
    return [x!.transpose([...this.#order])];
  }

  retrace(): Retrace {
    const inverse = this.#order.map((_, axis) => this.#order.indexOf(axis));
    return (gradient) => [gradient.transpose(inverse)];
  }
}
