import * as tf from "../base/tfjs.ts";
import type { Tensor2D, Tensor3D, Tensor4D } from "../base/tensors.ts";
import type { Preprocessing } from "../input/preprocess.ts";
import type { Baseline } from "../methods/settings.ts";

/** The standard deviation of what puts a photo out of focus, as a part of the model's input's longer side. */
const blurSide = 1 / 20;

/** What goes into the model, and how it was made of a photo's pixels. */
export interface Seen {
  /** The model's input, `[1, H, W, C]`; it stays the caller's. */
  readonly x: Tensor4D;
  /** How pixels were scaled; `undefined` for a tensor that was given as it is. */
  readonly preprocessing: Preprocessing | undefined;
}

/** The same colour everywhere, one number a channel. */
function plain(x: Tensor4D, colour: (channel: number) => number): Tensor4D {
  const [, , , channels] = x.shape;
  const row = tf.tensor1d(Array.from({ length: channels }, (_, channel) => colour(channel)));
  return tf.ones([...x.shape]).mul<Tensor4D>(row); // [1, H, W, C]
}

/** What a brightness from 0 to 1 is to the model; opacity, where a model takes it, is whole. */
function shade({ x, preprocessing }: Seen, brightness: number): Tensor4D {
  if (!preprocessing) {
    const bound = brightness > 0.5 ? x.max() : x.min();
    return tf.ones([...x.shape]).mul<Tensor4D>(bound);
  }
  const { mean, std } = preprocessing;
  return plain(x, (channel) => {
    const value = channel === 3 ? 255 : 255 * brightness;
    return (value - (mean[channel] ?? mean[0]!)) / (std[channel] ?? std[0]!);
  });
}

/** A bell curve around each of a row's places, the sum of each 1: what lies beyond the edge does not count. */
function bells(places: number, deviation: number): Tensor2D {
  const at = tf.range(0, places); // [places]
  const far = at.reshape([places, 1]).sub(at).div(deviation).square(); // [places, places]
  const bell = far.mul(-0.5).exp();
  return bell.div<Tensor2D>(bell.sum(1, true));
}

/** The photo out of focus. */
function blur(x: Tensor4D): Tensor4D {
  const [, height, width, channels] = x.shape;
  const deviation = Math.max(height, width) * blurSide;
  const down = tf.matMul(bells(height, deviation), x.reshape<Tensor2D>([height, width * channels]));
  const rows = down.reshape<Tensor3D>([height, width, channels]).transpose([1, 0, 2]);
  const across = tf.matMul(bells(width, deviation), rows.reshape<Tensor2D>([width, height * channels]));
  return across.reshape<Tensor3D>([width, height, channels]).transpose<Tensor3D>([1, 0, 2]).expandDims(0);
}

/** All baselines. */
const makers: Readonly<Record<Baseline, (seen: Seen) => Tensor4D>> = {
  black: (seen) => shade(seen, 0),
  white: (seen) => shade(seen, 1),
  mean: ({ x }) => tf.ones([...x.shape]).mul(x.mean([0, 1, 2])),
  blur: ({ x }) => blur(x),
};

/**
 * What stands for nothing seen.
 *
 * `"black"` and `"white"` are those colours as the model sees them, by the photo's preprocessing; of a tensor that was given
 * as it is they are its own smallest and largest number. `"mean"` is the photo's mean colour, `"blur"` the photo under a
 * Gaussian whose standard deviation is a twentieth of its longer side (11 pixels of 224).
 *
 * @returns `[1, H, W, C]`, of the input's type of numbers; the caller disposes it.
 */
export function makeBaseline(kind: Baseline, { x, preprocessing }: Seen): Tensor4D {
  return tf.tidy(() => {
    const made = makers[kind]({ x: x.toFloat<Tensor4D>(), preprocessing });
    return x.dtype === "float32" ? made : made.round().cast<Tensor4D>(x.dtype);
  });
}
