import { meanOf } from "./correlation.ts";
import { gapFiller } from "./imputation.ts";
import type { Curve, Measurement } from "./metric.ts";
import type { Subject } from "./subject.ts";

/** Which parts of the pixels are removed. */
const parts = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9] as const;

/** The standard deviation of the noise on what is made up, as a part of that of the photo's numbers. */
const noise = 0.01;

/** How often the model is run for one order. */
export const roadRuns = parts.length;

/** Which pixels are removed first: those that matter most, or least. */
export type RemovalOrder = "morf" | "lerf";

/** Two numbers from 0 to below 1 as one of a bell curve with the deviation 1 (Box and Muller). */
function bell(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** The pixels, those to be removed first first; equal ones at random, so that nothing depends on where they lie. */
function orderOf({ pixels: { data }, random }: Subject, order: RemovalOrder): Uint32Array {
  const next = random("road ties");
  const lots = Float64Array.from(data, () => next());
  const sign = order === "morf" ? -1 : 1;
  return Uint32Array.from(data.keys()).sort((a, b) => sign * (data[a]! - data[b]!) || lots[a]! - lots[b]!);
}

/** A picture without some of its pixels, `[H, W, C]`: what is made up in their place is a mean of those around, and noise. */
function impute(
  x: Float32Array,
  [, height, width, channels]: readonly number[],
  { gaps, level, random }: { gaps: Uint8Array; level: number; random: () => number },
): Float32Array {
  const fill = gapFiller({ height: height!, width: width! }, gaps);
  const made = x.slice();
  const values = new Float32Array(gaps.length);
  for (let channel = 0; channel < channels!; channel++) {
    for (let pixel = 0; pixel < gaps.length; pixel++) values[pixel] = x[pixel * channels! + channel]!;
    const filled = fill(values);
    for (let pixel = 0; pixel < gaps.length; pixel++) {
      if (gaps[pixel] !== 0) made[pixel * channels! + channel] = filled[pixel]! + level * bell(random);
    }
  }
  return made;
}

/** The standard deviation of numbers. */
function deviationOf(values: Float32Array): number {
  const mean = meanOf(values);
  return Math.sqrt(meanOf(values.map((value) => (value - mean) ** 2)));
}

/** The score when more and more pixels are removed. */
async function makeCurve(subject: Subject, order: RemovalOrder): Promise<Curve> {
  const { tf, pixels: { data }, pause } = subject;
  const x = await subject.picture();
  const numbers = Float32Array.from(await x.data());
  const [, height, width, channels] = x.shape;
  const sorted = orderOf(subject, order);
  const how = { level: noise * deviationOf(numbers), random: subject.random(`road noise ${order}`) };
  const values = await subject.values(parts.length, async (from, to) => {
    const batch = new Float32Array((to - from) * numbers.length);
    for (let at = from; at < to; at++) {
      const gaps = new Uint8Array(data.length);
      for (const pixel of sorted.subarray(0, Math.round(parts[at]! * data.length))) gaps[pixel] = 1;
      batch.set(impute(numbers, x.shape, { gaps, ...how }), (at - from) * numbers.length);
      await pause();
    }
    return tf.tensor4d(batch, [to - from, height, width, channels]);
  });
  return { name: order, x: [0, ...parts], y: [await subject.value(), ...values] };
}

/** The score when more and more pixels are removed, which the metrics of a map share. */
export function roadCurve(subject: Subject, order: RemovalOrder): Promise<Curve> {
  return subject.once(`road ${order} ${subject.settings.seed}`, () => makeCurve(subject, order));
}

/** By how much the score rises in the mean when pixels are removed; below zero where it falls. */
export function meanChange({ y: [whole, ...rest] }: Curve): number {
  return meanOf(rest) - whole!;
}

/** The mean change of the score, and the curve. */
export async function measureOrder(subject: Subject, order: RemovalOrder): Promise<Measurement> {
  const curve = await roadCurve(subject, order);
  return { value: meanChange(curve), curves: [curve] };
}
