import * as tf from "../base/tfjs.ts";
import { Convolution } from "./convolution.ts";
import type { JoinMode, Operation, Retrace } from "./operation.ts";

/** Zeros around height and width. */
export class Padding implements Operation {
  readonly inputs: readonly [string];
  readonly outputs: readonly [string];
  /** Before and after each axis, `[n, h, w, k]`; none but height and width are padded. */
  readonly #amounts: tf.backend_util.ExplicitPadding;

  constructor(
    input: string,
    output: string,
    [top, bottom]: readonly [number, number],
    [left, right]: readonly [number, number],
  ) {
    this.inputs = [input];
    this.outputs = [output];
    this.#amounts = [[0, 0], [top, bottom], [left, right], [0, 0]];
  }

  run([x]: readonly tf.Tensor[]): tf.Tensor[] {
    return [tf.pad(x!, this.#amounts)];
  }

  retrace([x]: readonly tf.Tensor[]): Retrace {
    return (gradient) => [gradient.slice(this.#amounts.map(([before]) => before), x!.shape)];
  }

  join(next: Operation, mode: JoinMode): Operation | undefined {
    return next instanceof Convolution && mode !== "taped"
      ? next.padded(this.inputs[0], this.#amounts)
      : undefined;
  }
}
