import * as tf from "../base/tfjs.ts";
import type { Operation, Retrace } from "./operation.ts";

/** The sum of values, as where a connection that skipped some layers joins the others. */
export class Sum implements Operation {
  readonly inputs: readonly string[];
  readonly outputs: readonly [string];
  readonly isOfVectors = true;

  /** @param inputs Two at least, of as many axes. */
  constructor(inputs: readonly string[], output: string) {
    this.inputs = inputs;
    this.outputs = [output];
  }

  run(inputs: readonly tf.Tensor[]): tf.Tensor[] {
    return [inputs.reduce((sum, value) => tf.add(sum, value))];
  }

  /** Where one is spread over the others, the tape sums its gradient. */
  canRetrace([first, ...others]: readonly tf.Tensor[]): boolean {
    return others.every(({ shape }) => tf.util.arraysEqual(shape, first!.shape));
  }

  retrace(inputs: readonly tf.Tensor[]): Retrace {
    return (gradient) => inputs.map(() => gradient);
  }
}
