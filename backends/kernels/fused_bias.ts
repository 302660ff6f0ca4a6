import * as tf from "../../src/base/tfjs.ts";
import type { BackendWasm } from "npm:@tensorflow/tfjs-backend-wasm@4.22.0";
import type { KernelCall } from "./kernel.ts";
import { isInnermost } from "./prelu.ts";

/** What all fused products have besides their own settings. */
export interface FusedAttributes {
  readonly activation?: string;
  readonly leakyreluAlpha?: number;
}

/** A product without what is fused into it. */
export interface PlainProduct {
  /** How many channels it gives. */
  readonly channels: number;
  /** Compute it. */
  compute(): tf.Tensor;
}

/** Activations by the names that fused kernels have them under. */
const activations: Readonly<
  Record<string, (x: tf.Tensor, call: KernelCall<FusedAttributes>) => tf.Tensor>
> = {
  linear: (x) => x,
  relu: (x) => tf.relu(x),
  relu6: (x) => tf.relu6(x),
  elu: (x) => tf.elu(x),
  sigmoid: (x) => tf.sigmoid(x),
  leakyrelu: (x, { attributes }) => tf.leakyRelu(x, attributes.leakyreluAlpha ?? 0.2),
  prelu: (x, { inputs }) => tf.prelu(x, inputs.preluActivationWeights!),
};

/** Whether a bias is a vector as the backend sees it: WebAssembly looks at the shape that its numbers were first made in. */
function isVector({ shape, dataId }: tf.Tensor, channels: number): boolean {
  const backend = tf.backend() as BackendWasm | tf.KernelBackend;
  const made = "dataIdMap" in backend
    ? (backend.dataIdMap.get(dataId) as unknown as { readonly shape: readonly number[] }).shape
    : shape;
  return made.length === 1 && made[0] === channels;
}

/** Whether a bias is the same for all rows, columns and pictures. */
function isOfChannels({ size, shape }: tf.Tensor, channels: number): boolean {
  return size === 1 || (size === channels && shape.at(-1) === channels);
}

/** A product and what is fused into it, one after another. */
export function inTurn(call: KernelCall<FusedAttributes>, { compute }: PlainProduct): tf.Tensor {
  const { inputs: { bias }, attributes: { activation = "linear" } } = call;
  const apply = activations[activation];
  if (!apply) throw new Error(`${activation} activation is not known`);
  const product = compute();
  return apply(bias ? product.add(bias) : product, call);
}

/**
 * A product with a bias and an activation fused into it. WebAssembly's kernels take a bias only as a vector with a number
 * for each channel, and slopes of PReLU only if they repeat from the innermost axis on; some read other numbers
 * where it is not so, and so do WebGPU's programs. A bias that is a vector but for its shape is made one; all else is
 * computed one after another.
 *
 * @param call The kernel's call.
 * @param plain The product alone.
 * @param attributes What to call the kernel with.
 */
export function fuseAsVector<Attributes extends FusedAttributes>(
  call: KernelCall<Attributes>,
  plain: PlainProduct,
  attributes: Attributes = call.attributes,
): tf.TensorInfo {
  const { channels } = plain;
  const { bias, preluActivationWeights: slopes } = call.inputs;
  const isFusable = !slopes || attributes.activation !== "prelu" || isInnermost(slopes, [channels]);
  if (!isFusable || (bias && !isOfChannels(bias, channels))) return inTurn(call, plain);
  if (!bias || isVector(bias, channels)) return call.original(attributes);
  const vector = tf.zeros([channels]).add(bias.flatten()); // with numbers of its own
  return call.original(attributes, { ...call.inputs, bias: vector });
}
