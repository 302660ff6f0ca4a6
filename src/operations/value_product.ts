import * as tf from "../base/tfjs.ts";
import type { Operation, Retrace } from "./operation.ts";

/** How two values are multiplied. */
export interface ValueProductOptions {
  /**
   * Whether the second one's last two axes are exchanged.
   * @default {false}
   */
  readonly transposed?: boolean | undefined;
  /**
   * What the product is multiplied by.
   * @default {1}
   */
  readonly factor?: number | undefined;
}

/**
 * The product of matrices whose other axes are spread over each other; TensorFlow.js spreads one of several over all.
 *
 * @param transposed Whether the second one's last two axes are exchanged.
 */
export function multiplyValues(a: tf.Tensor, b: tf.Tensor, transposed = false): tf.Tensor {
  const [first, second] = [a.shape.slice(0, -2), b.shape.slice(0, -2)];
  const isSingle = (shape: readonly number[]) => tf.util.sizeFromShape([...shape]) === 1;
  const isAlike = tf.util.arraysEqual(first, second) || isSingle(first) || isSingle(second);
  if (isAlike) return tf.matMul(a, b, false, transposed);
  const lead = tf.backend_util.assertAndGetBroadcastShape(first, second);
  const spread = (x: tf.Tensor) => x.mul(tf.ones([...lead, 1, 1]));
  return tf.matMul(spread(a), spread(b), false, transposed);
}

/** The product of two values' last two axes, one for each of what is before them: `[…, t, d]` · `[…, d, s]`. */
export class ValueProduct implements Operation {
  readonly inputs: readonly [string, string];
  readonly outputs: readonly [string];
  readonly #transposed: boolean;
  readonly #factor: number;

  constructor(
    a: string,
    b: string,
    output: string,
    { transposed = false, factor = 1 }: ValueProductOptions = {},
  ) {
    this.inputs = [a, b];
    this.outputs = [output];
    this.#transposed = transposed;
    this.#factor = factor;
  }

  run([a, b]: readonly tf.Tensor[]): tf.Tensor[] {
    return [this.#scaled(multiplyValues(a!, b!, this.#transposed))];
  }

  /** Where one is spread over the other, the tape sums its gradient. */
  canRetrace([a, b]: readonly tf.Tensor[]): boolean {
    return tf.util.arraysEqual(a!.shape.slice(0, -2), b!.shape.slice(0, -2));
  }

  retrace([a, b]: readonly tf.Tensor[]): Retrace {
    return (gradient) => {
      const inner = this.#scaled(gradient);
      return [
        tf.matMul(inner, b!, false, !this.#transposed),
        this.#transposed ? tf.matMul(inner, a!, true, false) : tf.matMul(a!, inner, true, false),
      ];
    };
  }

  #scaled(x: tf.Tensor): tf.Tensor {
    return this.#factor === 1 ? x : x.mul(this.#factor);
  }
}
