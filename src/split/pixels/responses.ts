import * as tf from "../../base/tfjs.ts";
import type { Preprocessing } from "../../input/preprocess.ts";
import type { ProbeSize } from "./probe_photos.ts";
import type { Stem } from "./stem.ts";

/** Mean and variance of each channel. */
export interface Moments {
  readonly means: ArrayLike<number>;
  readonly variances: ArrayLike<number>;
}

/** A beginning of a network, and the pictures that it is shown. */
export interface Responding {
  readonly stem: Stem;
  /** The id of the input that takes them. */
  readonly picture: string;
  /** Those of each kind, `[count, height, width, channels]`, 0 to 255. */
  readonly pictures: readonly Float32Array[];
  readonly size: ProbeSize;
}

/** Write pictures as a network would be given them. */
function scaleInto(
  target: Float32Array,
  pixels: Float32Array,
  channels: number,
  { mean, std, channels: order = "rgb" }: Preprocessing,
): void {
  const isTurned = order === "bgr" && channels >= 3;
  for (let channel = 0; channel < channels; channel++) {
    const from = isTurned && channel < 3 ? 2 - channel : channel;
    const offset = mean[channel] ?? mean[0]!, scale = std[channel] ?? std[0]!;
    for (let at = 0; at < pixels.length; at += channels) {
      target[at + channel] = (pixels[at + from]! - offset) / scale;
    }
  }
}

/** All pictures in all ways, one after another. */
function stack(ways: readonly Preprocessing[], { pictures, size }: Responding): tf.Tensor4D {
  const { count, height, width, channels } = size;
  const length = count * height * width * channels;
  const data = new Float32Array(ways.length * pictures.length * length);
  const pairs = ways.flatMap((way) => pictures.map((pixels) => [way, pixels] as const));
  pairs.forEach(([way, pixels], at) =>
    scaleInto(data.subarray(at * length, (at + 1) * length), pixels, channels, way)
  );
  return tf.tensor4d(data, [pairs.length * count, height, width, channels]);
}

/**
 * What a network's beginning makes of pictures that are scaled in each of several ways, all in one run.
 *
 * @returns By way and by kind of picture.
 */
export async function responsesTo(
  ways: readonly Preprocessing[],
  responding: Responding,
): Promise<Moments[][]> {
  const { stem, picture, pictures } = responding;
  const groups = ways.length * pictures.length;
  const read = tf.tidy(() => {
    const [value] = stem.run(new Map([[picture, stack(ways, responding)]])); // [groups · count, h, w, k]
    const rows = value!.reshape<tf.Tensor3D>([groups, -1, value!.shape.at(-1)!]); // [groups, count · h · w, k]
    const shares = tf.fill<tf.Rank.R3>([groups, 1, rows.shape[1]], 1 / rows.shape[1]); // a product sums many times as fast
    return [tf.matMul(shares, rows), tf.matMul(shares, rows.square())] as const; // [groups, 1, k]
  });
  try {
    const [means, squares] = await Promise.all(read.map((one) => one.data()));
    const channels = means!.length / groups;
    const moments = Array.from({ length: groups }, (_, group): Moments => {
      const own = means!.slice(group * channels, (group + 1) * channels);
      return { means: own, variances: own.map((mean, at) => squares![group * channels + at]! - mean ** 2) };
    });
    return ways.map((_, at) => moments.slice(at * pictures.length, (at + 1) * pictures.length));
  } finally {
    tf.dispose([...read]);
  }
}
