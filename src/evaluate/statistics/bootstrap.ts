import type { Draws } from "./draws.ts";
import { normalQuantile, normalShare } from "./normal.ts";

/** Two ends. */
export type Interval = readonly [number, number];

/** The mean of some numbers. */
export function meanOf(values: ArrayLike<number>): number {
  let sum = 0;
  for (let at = 0; at < values.length; at++) sum += values[at]!;
  return sum / values.length;
}

/** What has a part of sorted values below it, between two of them linearly. */
function quantileOf(sorted: Float64Array, part: number): number {
  const at = part * (sorted.length - 1);
  const before = Math.floor(at);
  const [low, high] = [sorted[before]!, sorted[Math.min(before + 1, sorted.length - 1)]!];
  return low + (at - before) * (high - low);
}

/** The means of the values drawn anew, the smallest first. */
export function drawnMeans(values: ArrayLike<number>, draws: Draws): Float64Array {
  const count = values.length;
  const drawn = draws.of(count);
  const means = new Float64Array(draws.resamples);
  for (let resample = 0, at = 0; resample < means.length; resample++) {
    let sum = 0;
    for (let one = 0; one < count; one++) sum += values[drawn[at++]!]!;
    means[resample] = sum / count;
  }
  return means.sort();
}

/** How much the means lean to one side of the mean, as a point of the normal distribution. */
function biasOf(means: Float64Array, mean: number): number {
  const tiny = 1e-12 * Math.max(Math.abs(mean), 1e-300); // sums in another order are not equal to the last bit
  const below = means.filter((value) => value < mean - tiny).length;
  const equal = means.filter((value) => Math.abs(value - mean) <= tiny).length;
  const share = (below + equal / 2) / means.length;
  const least = 0.5 / means.length;
  return normalQuantile(Math.min(Math.max(share, least), 1 - least));
}

/** How fast the mean's spread changes with the mean: its third moment by the jackknife. */
function accelerationOf(values: ArrayLike<number>, mean: number): number {
  let [squares, cubes] = [0, 0];
  for (let at = 0; at < values.length; at++) {
    const difference = values[at]! - mean;
    squares += difference ** 2;
    cubes += difference ** 3;
  }
  return squares === 0 ? 0 : cubes / (6 * squares ** 1.5);
}

/** Where the share of hits lies by Wilson's score, of so many of which all hit or all miss. */
function wilson(share: number, count: number, z: number): Interval {
  const middle = (share + z ** 2 / (2 * count)) / (1 + z ** 2 / count);
  const reach = z * Math.sqrt(share * (1 - share) / count + z ** 2 / (4 * count ** 2)) / (1 + z ** 2 / count);
  return [Math.max(middle - reach, 0), Math.min(middle + reach, 1)];
}

/**
 * Where the mean lies: the bias-corrected and accelerated bootstrap (BCa: Efron, 1987) over photos. Where all values are 0
 * or all are 1 the bootstrap knows no other, and Wilson's interval takes its place.
 *
 * @param values One a photo.
 * @param draws How the photos are drawn anew.
 * @param confidence How likely it holds the true mean, such as 0.95.
 * @returns `undefined` of fewer than two values.
 */
export function intervalOf(
  values: ArrayLike<number>,
  draws: Draws,
  confidence: number,
): Interval | undefined {
  const { length } = values;
  if (length < 2) return undefined;
  const first = values[0]!;
  if (Array.from(values).every((value) => value === first)) {
    const isShare = first === 0 || first === 1;
    return isShare ? wilson(first, length, normalQuantile((1 + confidence) / 2)) : [first, first];
  }
  const mean = meanOf(values);
  const means = drawnMeans(values, draws);
  const bias = biasOf(means, mean);
  const acceleration = accelerationOf(values, mean);
  const end = (part: number) => {
    const z = bias + normalQuantile(part);
    return quantileOf(means, normalShare(bias + z / (1 - acceleration * z)));
  };
  return [end((1 - confidence) / 2), end((1 + confidence) / 2)];
}
