import type { Preprocessing } from "../../input/preprocess.ts";
import { type Moments, type Responding, responsesTo } from "./responses.ts";
import { turned } from "./ways.ts";

/** How many times nearer blue first must be to be believed, and to be mentioned. */
const sureOrder = 4;
const likelyOrder = 2;

/** What is below this is a matter of the pictures. */
export const smallest = 0.005;

/**
 * How far what came of the pictures is from what the batch norm saw, both taken as normal distributions of each channel:
 * the median over channels of the divergence ½ (ln(v / s) + (s + (μ − m)²) / v − 1), μ and s what was measured, m and v
 * what the batch norm holds.
 */
function distance({ means, variances }: Moments, saw: Moments): number {
  const divergences = Float64Array.from(means, (mean, channel) => {
    const spread = Math.max(variances[channel]!, 1e-12), expected = Math.max(saw.variances[channel]!, 1e-12);
    const apart = (mean - saw.means[channel]!) ** 2;
    return (Math.log(expected / spread) + (spread + apart) / expected - 1) / 2;
  }).sort();
  return divergences[divergences.length >> 1]!;
}

/** A way and how far it is. */
export interface Measured {
  readonly way: Preprocessing;
  readonly distance: number;
}

/** What is measured on. */
export interface Setting extends Responding {
  readonly saw: Moments;
}

/** How far ways are, each with the pictures that it is nearest with: a network saw one kind of them. */
export async function measure(
  { saw, ...responding }: Setting,
  ways: readonly Preprocessing[],
): Promise<Measured[]> {
  const responses = await responsesTo(ways, responding);
  return ways.map((way, at) => ({
    way,
    distance: Math.min(...responses[at]!.map((moments) => distance(moments, saw))),
  }));
}

/** The nearest way, and the order of channels that is next to it where that is hard to tell. */
export interface Ordered {
  readonly nearest: Measured;
  readonly otherOrder?: Measured;
}

/** The nearest way in the nearer order of channels: red first, unless blue first is nearer by far. */
export async function orderOf(nearest: Measured, setting: Setting, channels: number): Promise<Ordered> {
  if (channels < 3) return { nearest };
  const [other] = await measure(setting, [turned(nearest.way)]) as [Measured];
  const times = Math.max(nearest.distance, smallest) / Math.max(other.distance, smallest);
  if (times >= sureOrder) return { nearest: other };
  return times >= likelyOrder ? { nearest, otherOrder: other } : { nearest };
}
