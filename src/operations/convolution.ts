import * as tf from "../base/tfjs.ts";
import type { ActivationFunction } from "./activation.ts";
import { fusedActivation } from "./affine.ts";
import { Linear, type LinearParts } from "./linear.ts";

/** A convolution's geometry. */
export interface Geometry {
  /** Steps down and right. */
  readonly strides: readonly [number, number];
  /** Padding as TensorFlow.js takes it. */
  readonly pad: "same" | "valid" | tf.backend_util.ExplicitPadding;
  /** Distances between taps down and right. */
  readonly dilations: readonly [number, number];
  /** Whether each channel has filters of its own. */
  readonly depthwise: boolean;
}

/** A convolution, its kernel `[kh, kw, c, k]`, or depthwise `[kh, kw, c, multiplier]`. */
export class Convolution extends Linear {
  /** Where its taps lie. */
  readonly geometry: Geometry;

  constructor(geometry: Geometry, parts: LinearParts) {
    super(parts);
    this.geometry = geometry;
  }

  override with(parts: Partial<LinearParts>): Convolution {
    return new Convolution(this.geometry, { ...this.parts, ...parts });
  }

  /**
   * The same convolution with a padding of its own.
   *
   * @param input The id of the value before it was padded.
   * @returns `undefined` where it has one already.
   */
  padded(input: string, pad: tf.backend_util.ExplicitPadding): Convolution | undefined {
    if (this.geometry.pad !== "valid") return undefined;
    return new Convolution({ ...this.geometry, pad }, { ...this.parts, input });
  }

  override scaledKernel(scale: tf.Tensor): tf.Tensor {
    if (!this.geometry.depthwise) return this.#filter.mul(scale);
    const [, , channels, multiplier] = this.#filter.shape;
    return this.#filter.mul(scale.reshape([channels, multiplier]));
  }

  protected override product(x: tf.Tensor): tf.Tensor {
    return convolve(x as tf.Tensor4D, this.#filter, this.geometry);
  }

  protected override fused(x: tf.Tensor, bias?: tf.Tensor, activation?: ActivationFunction): tf.Tensor {
    const { strides, pad, dilations, depthwise } = this.geometry;
    const options = {
      x: x as tf.Tensor4D,
      filter: this.#filter,
      strides: [...strides] as [number, number],
      pad: pad as "same", // likewise
      dilations: [...dilations] as [number, number],
      ...(bias && { bias }),
      ...fusedActivation(activation),
    };
    return depthwise ? tf.fused.depthwiseConv2d(options) : tf.fused.conv2d(options);
  }

  get #filter(): tf.Tensor4D {
    return this.parts.kernel.read() as tf.Tensor4D;
  }
}

/** A convolution of any two values. */
export function convolve(
  x: tf.Tensor4D,
  kernel: tf.Tensor4D,
  { strides, pad, dilations, depthwise }: Geometry,
): tf.Tensor4D {
  const steps: [number, number] = [...strides], gaps: [number, number] = [...dilations];
  return depthwise // TensorFlow.js's type leaves out explicit padding here, which it computes
    ? tf.depthwiseConv2d(x, kernel, steps, pad as "same", "NHWC", gaps)
    : tf.conv2d(x, kernel, steps, pad, "NHWC", gaps);
}
