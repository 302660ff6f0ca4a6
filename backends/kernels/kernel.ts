import type * as tf from "../../src/base/tfjs.ts";
import type { BackendName } from "../backend.ts";

/** What TensorFlow.js hands to a kernel: its inputs by name, and its settings. */
export interface KernelCall<Attributes> {
  /** The tensors by the names that the operation gives them. */
  readonly inputs: Readonly<Record<string, tf.Tensor>>;
  /** The operation's settings. */
  readonly attributes: Attributes;
  /** Call the kernel whose place this one takes, with the same inputs unless there are others. */
  original(attributes: Attributes, inputs?: Readonly<Record<string, tf.Tensor>>): tf.TensorInfo;
}

/** One operation that TensorFlow.js lacks on some backends, or computes wrongly or too slowly. */
// deno-lint-ignore no-explicit-any -- the attributes differ from kernel to kernel, and tfjs does not type them
export interface Kernel<Attributes = any> {
  /** The operation's name in TensorFlow.js. */
  readonly name: string;
  /** The backends that need it. */
  readonly backends: readonly BackendName[];
  /**
   * Whether it takes the place of a kernel that is there.
   * @default {false}
   */
  readonly replaces?: boolean;
  /**
   * Whether it makes no tensors on the way, so that none need be looked for.
   * @default {false}
   */
  readonly makesNothingElse?: boolean;
  /** Compute it. What it makes on the way is disposed by the caller. */
  run(call: KernelCall<Attributes>): tf.TensorInfo;
}

/** The settings that all convolutions share, as TensorFlow.js passes them. */
export interface ConvolutionAttributes {
  /** Strides, one for both directions or `[height, width]`. */
  readonly strides: number | [number, number];
  /** Padding: by name, by pixels, or explicit for each side. */
  readonly pad: Padding;
  /** Dilations, one for both directions or `[height, width]`. */
  readonly dilations?: number | [number, number] | null;
  /** Where the channels are. */
  readonly dataFormat?: "NHWC" | "NCHW";
  /** How a fractional output size is rounded, for padding in pixels. */
  readonly dimRoundingMode?: "floor" | "round" | "ceil";
}

/** Padding of a convolution, as TensorFlow.js passes it. */
export type Padding = "valid" | "same" | number | tf.backend_util.ExplicitPadding;

/** A gradient that does what the one registered by TensorFlow.js cannot, or that it has none of. */
export interface ExtendedGradient {
  /** The name of the operation that is differentiated. */
  readonly name: string;
  /** Make the gradient, around the one there is. */
  extend(ordinary: tf.GradConfig | undefined): tf.GradConfig;
}
