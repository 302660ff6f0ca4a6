import { valuesOfHidden } from "./hide.ts";
import type { Subject } from "./subject.ts";

/** What was hidden in samples, and what came of it. */
export interface HiddenParts {
  /** The sum of the map over what was hidden, sample by sample. */
  readonly sums: Float64Array;
  /** How much of the score was lost. */
  readonly drops: Float64Array;
}

/** The sum of a map over some pixels, each hidden by a part of 0 to 1. */
function sumOver(data: Float32Array, hidden: Float32Array): number {
  let sum = 0;
  for (let at = 0; at < data.length; at++) sum += data[at]! * hidden[at]!;
  return sum;
}

/**
 * Hide parts of the photo, and compare what the map says of them with what is lost.
 *
 * @param subject The map.
 * @param samples How many times.
 * @param hide Writes how much of each pixel is hidden, 0 to 1; it is asked for each sample in turn, once.
 */
export async function hideParts(
  subject: Subject,
  samples: number,
  hide: (into: Float32Array) => void,
): Promise<HiddenParts> {
  const { pixels: { data }, settings: { baseline = "black" } } = subject;
  const sums = new Float64Array(samples);
  const values = await valuesOfHidden(subject, baseline, samples, (at, into) => {
    hide(into);
    sums[at] = sumOver(data, into);
    into.forEach((hidden, pixel) => into[pixel] = 1 - hidden);
  });
  const whole = await subject.value();
  return { sums, drops: Float64Array.from(values, (value) => whole - value) };
}
