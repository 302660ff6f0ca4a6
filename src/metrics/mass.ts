import type { Measurement } from "./metric.ts";
import type { Subject } from "./subject.ts";
import { emptyTruth } from "./truth_pixels.ts";

/** Why a map that has nothing above zero has no number. */
export const withoutEvidence = "Nothing in the map speaks for the class: it has no values above zero";

/** Whether nothing in a map speaks for the class. */
export function isSilent({ evidence: { data } }: Subject): boolean {
  return !data.some((value) => value > 0);
}

/** Which part of what speaks for the class lies on some pixels, each 1 or 0. */
export function massIn(subject: Subject, pixels: Uint8Array): Measurement {
  if (isSilent(subject)) return { value: undefined, why: withoutEvidence };
  const { data } = subject.evidence;
  let [inside, all] = [0, 0];
  data.forEach((value, at) => {
    all += value;
    if (pixels[at]) inside += value;
  });
  return { value: inside / all, why: pixels.includes(1) ? undefined : emptyTruth };
}
