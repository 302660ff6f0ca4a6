import * as tf from "../base/tfjs.ts";
import { rectifiedGradient } from "../../backends/rectified_gradient.ts";
import { Activation, type ActivationFunction, activationRetrace, isRetraced } from "./activation.ts";
import { Identity } from "./identity.ts";
import type { Backward, JoinMode, Operation, Retrace } from "./operation.ts";
import type { Weight } from "./weight.ts";

/** Numbers of each channel: x · scale + shift. */
export type Coefficients = {
  /** `[k]`; 1 if left out. */
  readonly scale?: tf.Tensor1D | undefined;
  /** `[k]`; 0 if left out. */
  readonly shift?: tf.Tensor1D | undefined;
};

/** Where an affine operation has its coefficients from. */
export interface AffineSource {
  /** Compute them of the model's weights as they are now. */
  coefficients(): Coefficients;
  /** Likewise more precisely, for models whose weights will not change. */
  precisely?(): Promise<Coefficients>;
  /** The weights that they are computed of, where nothing else counts but the operation's place in the model. */
  readonly weights?: readonly Weight[] | undefined;
  /** What its input looked like in training, where it is a batch norm; what is made for it, the caller tidies. */
  statistics?(): Statistics;
}

/** Mean and variance of each channel, `[k]`; they stay the model's. */
export interface Statistics {
  readonly mean: tf.Tensor1D;
  readonly variance: tf.Tensor1D;
  /** Whether the last training left them as they were. */
  readonly isFrozen?: boolean;
}

/** Each channel times a number, and another added: batch norm in inference mode, or a bias on its own. */
export class Affine implements Operation {
  readonly inputs: readonly [string];
  readonly outputs: readonly [string];
  readonly isOfVectors = true;
  /** Where the coefficients are from. */
  readonly source: AffineSource;
  /** What follows in the same kernel, if it was joined. */
  readonly activation: ActivationFunction | undefined;
  /** The coefficients, once they have been computed for good. */
  fixed: Coefficients | undefined;

  constructor(
    input: string,
    output: string,
    source: AffineSource,
    activation?: ActivationFunction,
  ) {
    this.inputs = [input];
    this.outputs = [output];
    this.source = source;
    this.activation = activation;
  }

  run([x]: readonly tf.Tensor[]): tf.Tensor[] {
    return [scaleAndShift(x!, this.#known, this.activation)];
  }

  runTaped([x]: readonly tf.Tensor[]): tf.Tensor[] {
    return [multiplyAndAdd(x!, this.#known)];
  }

  shift(): tf.Tensor | undefined {
    return this.#known.shift;
  }

  /** Before training a batch norm changes nothing, and a bias is zero. */
  redraw(): Identity {
    return new Identity(this.inputs[0], this.outputs[0]);
  }

  get backward(): Backward | undefined {
    const { activation } = this;
    if (activation && !activation.backward) return undefined;
    return (gradient, _input, output) => {
      const inner = activation ? activation.backward!(gradient, output) : gradient;
      const { scale } = this.#known;
      return scale ? inner.mul(scale) : inner.clone();
    };
  }

  canRetrace(): boolean {
    return !this.activation || isRetraced(this.activation);
  }

  retrace(_inputs: readonly tf.Tensor[], output: tf.Tensor): Retrace {
    const { activation } = this;
    const back = activation && activationRetrace(activation, output);
    return (gradient) => {
      const { scale } = this.#known;
      if (activation?.bound !== undefined) {
        return [rectifiedGradient(gradient, { output, max: activation.bound, scale })];
      }
      const inner = back?.(gradient) ?? gradient;
      return [scale ? inner.mul(scale) : inner];
    };
  }

  join(next: Operation, mode: JoinMode): Operation | undefined {
    if (
      mode === "taped" || !(next instanceof Activation) || this.activation || !this.fixed ||
      !next.activation.fused
    ) {
      return undefined;
    }
    const joined = new Affine(this.inputs[0], next.outputs[0], this.source, next.activation);
    joined.fixed = this.fixed;
    return joined;
  }

  get #known(): Coefficients {
    return this.fixed ?? this.source.coefficients();
  }
}

function multiplyAndAdd(x: tf.Tensor, { scale, shift }: Coefficients): tf.Tensor {
  const scaled = scale ? x.mul(scale) : x;
  if (shift) return scaled.add(shift);
  return scaled === x ? x.clone() : scaled;
}

/**
 * `x · scale + shift` and an activation: of pictures in one kernel on all threads, a depthwise convolution of one
 * pixel.
 *
 * @param x `[…, k]`
 */
function scaleAndShift(
  x: tf.Tensor,
  coefficients: Coefficients,
  activation?: ActivationFunction,
): tf.Tensor {
  const { scale, shift } = coefficients;
  if (x.rank !== 4 || !scale) {
    const result = multiplyAndAdd(x, coefficients);
    return activation ? activation.apply(result) : result;
  }
  return tf.fused.depthwiseConv2d({
    x: x as tf.Tensor4D,
    filter: scale.reshape([1, 1, -1, 1]),
    strides: 1,
    pad: "valid",
    ...(shift && { bias: shift }),
    ...fusedActivation(activation),
  });
}

/** An activation as TensorFlow.js's fused kernels take it. */
export function fusedActivation(
  activation: ActivationFunction | undefined,
): { activation?: tf.fused.Activation; leakyreluAlpha?: number } {
  if (!activation) return {};
  const { fused, slope } = activation;
  return { activation: fused!, ...(slope !== undefined && { leakyreluAlpha: slope }) };
}
