import type { Tensor4D, TensorFlow } from "../base/tensors.ts";
import type { MethodScope } from "./method.ts";

/** How many channels are tried. */
export function channelCount({ layer, settings }: Pick<MethodScope, "layer" | "settings">): number {
  const [, , , all] = layer;
  const { channels = 0 } = settings;
  return channels === 0 ? all : Math.min(channels, all);
}

/**
 * The channels that vary most over the picture: those with the largest standard deviation, in their own order.
 *
 * @param activation `[1, h, w, k]`.
 * @param count How many, at most k.
 * @returns Their indices; of two that vary alike the first comes first.
 */
export async function mostVaried(activation: Tensor4D, count: number): Promise<number[]> {
  const channels = activation.shape[3];
  const all = Array.from({ length: channels }, (_, channel) => channel);
  if (count >= channels) return all;
  const variances = variancesOf(await activation.data() as Float32Array, channels);
  const byVariance = all.toSorted((a, b) => variances[b]! - variances[a]! || a - b);
  return byVariance.slice(0, count).sort((a, b) => a - b);
}

/** The variance of each channel. */
function variancesOf(values: Float32Array, channels: number): Float64Array {
  const pixels = values.length / channels;
  const means = new Float64Array(channels);
  const variances = new Float64Array(channels);
  values.forEach((value, at) => means[at % channels]! += value / pixels);
  values.forEach((value, at) => variances[at % channels]! += (value - means[at % channels]!) ** 2 / pixels);
  return variances;
}

/**
 * Some channels of an activation.
 *
 * @param activation `[1, h, w, k]`.
 * @param channels Their indices.
 * @returns `[1, h, w, channels.length]`; owned by the caller's tidy.
 */
export function takeChannels(tf: TensorFlow, activation: Tensor4D, channels: readonly number[]): Tensor4D {
  if (channels.length === activation.shape[3]) return activation.clone();
  return tf.gather(activation, tf.tensor1d([...channels], "int32"), 3);
}
