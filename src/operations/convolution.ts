import * as tf from "../base/tfjs.ts";
import { convolutionInputGradient } from "../../backends/convolution_input_gradient.ts";
import {
  fusedConvolution,
  type FusedConvolutionAttributes,
  type FusedParts,
} from "../../backends/fused_products.ts";
import type { Keep } from "../../backends/kept_weights.ts";
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
  readonly #attributes: FusedConvolutionAttributes;

  constructor(geometry: Geometry, parts: LinearParts) {
    super(parts);
    this.geometry = geometry;
    const { strides, dilations, ...others } = geometry;
    this.#attributes = {
      ...others,
      strides: [...strides],
      dilations: [...dilations],
      ...fusedActivation(parts.activation),
    };
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

  protected override fanIn(kernel: readonly number[]): number {
    return this.geometry.depthwise ? kernel[0]! * kernel[1]! : super.fanIn(kernel);
  }

  protected override product(x: tf.Tensor): tf.Tensor {
    return convolve(x as tf.Tensor4D, this.#filter, this.geometry);
  }

  override canRetrace(inputs: readonly tf.Tensor[]): boolean {
    const isGrouped = !this.geometry.depthwise && groupsOf(inputs[0]!, this.#filter) > 1;
    return !isGrouped && super.canRetrace(inputs);
  }

  protected override productBack(gradient: tf.Tensor, x: tf.Tensor, keep: Keep): tf.Tensor {
    const { strides, pad, dilations, depthwise } = this.geometry;
    return convolutionInputGradient(gradient, {
      x: x as tf.Tensor4D,
      filter: this.#filter,
      depthwise,
      attributes: { strides: [...strides], pad, dilations: [...dilations] },
      keep,
    });
  }

  protected override shapeOf({ shape }: tf.Tensor): readonly number[] {
    const { strides, pad, dilations, depthwise } = this.geometry;
    const steps: [number, number] = [...strides], gaps: [number, number] = [...dilations];
    const given = shape as [number, number, number, number], filter = this.#filter.shape;
    return tf.backend_util.computeConv2DInfo(given, filter, steps, gaps, pad, undefined, depthwise).outShape;
  }

  protected override atOnce(x: tf.Tensor, parts: Omit<FusedParts, "weights">): tf.Tensor | undefined {
    return fusedConvolution(x, { ...parts, weights: this.#filter }, this.#attributes);
  }

  protected override fused(x: tf.Tensor, bias?: tf.Tensor, activation?: ActivationFunction): tf.Tensor {
    const { strides, pad, dilations, depthwise } = this.geometry;
    if (!depthwise && groupsOf(x, this.#filter) > 1) { // which no fused kernel knows
      const product = this.product(x);
      const shifted = bias ? product.add(bias) : product;
      return activation ? activation.apply(shifted) : shifted;
    }
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

/** How many groups of channels are convolved each on its own: a filter sees those of its group alone. */
function groupsOf(x: tf.Tensor, { shape: [, , depth] }: tf.Tensor4D): number {
  const groups = x.shape.at(-1)! / depth;
  return Number.isInteger(groups) ? groups : 1;
}

/** A convolution in groups; where each channel is one, it is what is called depthwise, which is faster by far. */
function convolveInGroups(
  x: tf.Tensor4D,
  kernel: tf.Tensor4D,
  groups: number,
  geometry: Geometry,
): tf.Tensor4D {
  const [height, width, depth, filters] = kernel.shape;
  if (depth === 1) {
    const own = kernel.reshape<tf.Tensor4D>([height, width, groups, filters / groups]);
    return convolve(x, own, { ...geometry, depthwise: true });
  }
  const kernels = tf.split<tf.Tensor4D>(kernel, groups, -1);
  const parts = tf.split<tf.Tensor4D>(x, groups, -1);
  return tf.concat<tf.Tensor4D>(parts.map((part, group) => convolve(part, kernels[group]!, geometry)), -1);
}

/** A convolution of any two values. */
export function convolve(
  x: tf.Tensor4D,
  kernel: tf.Tensor4D,
  geometry: Geometry,
): tf.Tensor4D {
  const { strides, pad, dilations, depthwise } = geometry;
  const groups = depthwise ? 1 : groupsOf(x, kernel);
  if (groups > 1) return convolveInGroups(x, kernel, groups, geometry);
  const steps: [number, number] = [...strides], gaps: [number, number] = [...dilations];
  return depthwise // TensorFlow.js's type leaves out explicit padding here, which it computes
    ? tf.depthwiseConv2d(x, kernel, steps, pad as "same", "NHWC", gaps)
    : tf.conv2d(x, kernel, steps, pad, "NHWC", gaps);
}
