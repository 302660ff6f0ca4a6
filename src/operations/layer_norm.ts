import * as tf from "../base/tfjs.ts";
import type { Operation, Retrace } from "./operation.ts";
import type { Weight } from "./weight.ts";

/** What a layer norm is made of. */
export interface LayerNormParts {
  /** The id of the value it takes. */
  readonly input: string;
  /** The id of the value it gives. */
  readonly output: string;
  /** What the result is multiplied by, `[k]`. */
  readonly gamma?: Weight | undefined;
  /** What is added to it, `[k]`. */
  readonly beta?: Weight | undefined;
  /** Added to the variance. */
  readonly epsilon: number;
}

/** Layer norm along the last axis: y = γ·(x − mean) / √(variance + ε) + β. */
export class LayerNorm implements Operation {
  readonly inputs: readonly [string];
  readonly outputs: readonly [string];
  readonly #parts: LayerNormParts;

  constructor(parts: LayerNormParts) {
    this.inputs = [parts.input];
    this.outputs = [parts.output];
    this.#parts = parts;
  }

  run([x]: readonly tf.Tensor[]): tf.Tensor[] {
    const { gamma, beta } = this.#parts;
    const { standard } = this.#standardize(x!);
    const scaled = gamma ? standard.mul(gamma.read()) : standard;
    return [beta ? scaled.add(beta.read()) : scaled];
  }

  /** With s = (x − mean) / √(variance + ε) and h = γ·g it is (h − mean h − s·mean(h·s)) / √(variance + ε). */
  retrace([x]: readonly tf.Tensor[]): Retrace {
    return (gradient) => {
      const { gamma } = this.#parts;
      const { standard, rate } = this.#standardize(x!);
      const inner = gamma ? gradient.mul(gamma.read()) : gradient;
      const along = standard.mul(inner.mul(standard).mean(-1, true));
      return [inner.sub(inner.mean(-1, true)).sub(along).mul(rate)];
    };
  }

  /** x less its mean, divided by its deviation, and what it was multiplied by for that, `[…, 1]`. */
  #standardize(x: tf.Tensor): { standard: tf.Tensor; rate: tf.Tensor } {
    const centred = x.sub(x.mean(-1, true));
    const rate = tf.rsqrt(centred.square().mean(-1, true).add(this.#parts.epsilon));
    return { standard: centred.mul(rate), rate };
  }
}
