import * as tf from "@tensorflow/tfjs";
import type { BackendName } from "../mod.ts";

/** A kernel of TensorFlow.js that some backends lack, composed of others that they have. */
export interface ComposedKernel {
  /** Its name, as TensorFlow.js has it. */
  readonly name: string;
  /** The backends that lack it. */
  readonly backends: readonly BackendName[];
  /** Compute it; intermediate tensors are disposed for it. */
  compute(inputs: tf.NamedTensorMap, attributes: Attributes): tf.Tensor;
}

/** What a kernel is told besides its inputs, as TensorFlow.js names it. */
export interface Attributes {
  readonly inputShape: Shape4D;
  readonly filterShape: Shape4D;
  readonly strides: number | [number, number];
  readonly dilations: number | [number, number] | undefined;
  readonly pad: Parameters<typeof tf.backend_util.computeConv2DInfo>[4];
  readonly dimRoundingMode: "floor" | "round" | "ceil" | undefined;
  readonly numSegments: number;
}

/** `[batch, height, width, channels]`, or `[height, width, channels, …]` of a filter. */
export type Shape4D = [number, number, number, number];

/** The geometry of a convolution: output size, strides, dilation, and padding on each side in pixels. */
export type Convolution = ReturnType<typeof tf.backend_util.computeConv2DInfo>;

/** Work out the geometry of a convolution from what its kernel is told. */
export function geometry(
  inputShape: Shape4D,
  filterShape: Shape4D,
  { strides, dilations = 1, pad, dimRoundingMode }: Attributes,
  depthwise: boolean,
): Convolution {
  return tf.backend_util.computeConv2DInfo(
    inputShape,
    filterShape,
    strides,
    dilations,
    pad,
    dimRoundingMode,
    depthwise,
  );
}

/** Add zeros around a picture as a convolution does. */
export function padPicture(
  x: tf.Tensor4D,
  { padInfo: { top, bottom, left, right } }: Convolution,
): tf.Tensor4D {
  return x.pad([[0, 0], [top, bottom], [left, right], [0, 0]]);
}

/** Make a kernel known to TensorFlow.js for a backend, unless it has one by now. */
export function registerKernel({ name, backends, compute }: ComposedKernel, backend: BackendName): void {
  if (!backends.includes(backend) || tf.getKernel(name, backend)) return;
  tf.registerKernel({
    kernelName: name,
    backendName: backend,
    kernelFunc: ({ inputs, attrs }) =>
      tf.tidy(() => compute(inputs as tf.NamedTensorMap, attrs as unknown as Attributes)),
  });
}
