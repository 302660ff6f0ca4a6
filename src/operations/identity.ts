import type * as tf from "../base/tfjs.ts";
import type { Operation } from "./operation.ts";

/** Hands its input on: dropout and the like, which act in training alone. */
export class Identity implements Operation {
  readonly inputs: readonly [string];
  readonly outputs: readonly [string];

  constructor(input: string, output: string) {
    this.inputs = [input];
    this.outputs = [output];
  }

  get passesOn(): string {
    return this.inputs[0];
  }

  run([x]: readonly tf.Tensor[]): tf.Tensor[] {
    return [x!.clone()];
  }

  backward(gradient: tf.Tensor): tf.Tensor {
    return gradient.clone();
  }
}
