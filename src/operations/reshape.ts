import type * as tf from "../base/tfjs.ts";
import type { Operation, Retrace } from "./operation.ts";

/** Gives its input another shape. */
export class Reshape implements Operation {
  readonly inputs: readonly [string];
  readonly outputs: readonly [string];
  readonly #shape: (input: readonly number[]) => number[];

  /** @param shape From the input's shape to the output's, batch first. */
  constructor(input: string, output: string, shape: (input: readonly number[]) => number[]) {
    this.inputs = [input];
    this.outputs = [output];
    this.#shape = shape;
  }

  get passesOn(): string {
    return this.inputs[0];
  }

  run([x]: readonly tf.Tensor[]): tf.Tensor[] {
    return [x!.reshape(this.#shape(x!.shape))];
  }

  retrace([x]: readonly tf.Tensor[]): Retrace {
    return (gradient) => [gradient.reshape(x!.shape)];
  }

  backward(gradient: tf.Tensor, input: tf.Tensor): tf.Tensor {
    return gradient.reshape([gradient.shape[0]!, ...input.shape.slice(1)]);
  }
}
