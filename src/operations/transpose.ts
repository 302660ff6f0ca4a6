import * as tf from "../base/tfjs.ts";
import type { Operation, Retrace } from "./operation.ts";

/** Stores the axes of a value in another order. */
export class Transpose implements Operation {
  readonly inputs: readonly [string];
  readonly outputs: readonly [string];
  readonly #order: readonly number[];

  /** @param order Which axis of the input each axis of the output is; that of several pictures stays the first. */
  constructor(input: string, output: string, order: readonly number[]) {
    this.inputs = [input];
    this.outputs = [output];
    this.#order = order;
  }

  get passesOn(): string {
    return this.inputs[0];
  }

  run([x]: readonly tf.Tensor[]): tf.Tensor[] {
    return [tf.transpose(x!, [...this.#order])];
  }

  retrace(): Retrace {
    return (gradient) => [this.backward(gradient)];
  }

  backward(gradient: tf.Tensor): tf.Tensor {
    return tf.transpose(gradient, this.#order.map((_, axis) => this.#order.indexOf(axis)));
  }
}
