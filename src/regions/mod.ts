/**
 * From a map to a region: the registry of thresholds. A new one is one file beside this one and one line in
 * {@linkcode thresholds}.
 *
 * @module
 */
import { findNamed } from "../base/find_named.ts";
import { maximumThreshold } from "./maximum.ts";
import { otsuThreshold } from "./otsu.ts";
import { quantileThreshold } from "./quantile.ts";
import type { NamedThreshold } from "./threshold.ts";

/** The name of a threshold. */
export type ThresholdName = "maximum" | "otsu" | "quantile";

/** A way to find the value from which on a map's pixels belong to its region. */
export type Threshold = NamedThreshold<ThresholdName>;

/** All thresholds, the default first. */
export const thresholds: readonly Threshold[] = Object.freeze([
  maximumThreshold,
  otsuThreshold,
  quantileThreshold,
]);

/**
 * The threshold of a name.
 *
 * @throws {RangeError} If there is none.
 */
export function findThreshold(name: string): Threshold {
  return findNamed(thresholds, name, "threshold");
}
