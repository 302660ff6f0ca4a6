import * as tf from "../base/tfjs.ts";
import type { Operation, Retrace } from "./operation.ts";

/** The mean over height and width, `[n, h, w, k]` → `[n, k]`, or `[n, 1, 1, k]` where it keeps them. */
export class MeanPool implements Operation {
  readonly inputs: readonly [string];
  readonly outputs: readonly [string];
  readonly #keepsAxes: boolean;

  constructor(input: string, output: string, keepsAxes: boolean) {
    this.inputs = [input];
    this.outputs = [output];
    this.#keepsAxes = keepsAxes;
  }

  run([x]: readonly tf.Tensor[]): tf.Tensor[] {
    return [x!.mean([1, 2], this.#keepsAxes)];
  }

  retrace([x]: readonly tf.Tensor[]): Retrace {
    return (gradient) => [this.backward(gradient, x!)];
  }

  /** Each pixel has the same share. */
  backward(gradient: tf.Tensor, input: tf.Tensor): tf.Tensor {
    const [, height, width, channels] = input.shape as [number, number, number, number];
    const share = gradient.reshape([-1, 1, 1, channels]).mul(1 / (height * width)); // [scores, 1, 1, k]
    // WebAssembly's kernel for tiling takes fifty times as long as its product.
    return share.mul(tf.ones([1, height, width, 1])); // [scores, h, w, k]
  }
}
