import { type OptionRule, rule, shown } from "../../base/options.ts";

/**
 * Which of a photo's values become black and white: the smallest and the largest that it has, or two values in its own
 * units, with what lies beyond them cut off.
 */
export type ValueRange = "auto" | readonly [low: number, high: number];

/** What it can be. */
export const rangeRule: OptionRule = rule(
  '"auto" or [low, high], two of the photo\'s own values',
  (value) =>
    typeof value === "string" ||
    Array.isArray(value) && value.length === 2 && value.every((limit) => typeof limit === "number"),
);

/**
 * Make sure that a range is one.
 *
 * @throws {RangeError} If its ends are no numbers, or the lower one is not below the higher one.
 */
export function checkRange(range: ValueRange): void {
  if (range === "auto") return;
  if (typeof range === "string") {
    throw new RangeError(`Unknown range ${shown(range)}: use "auto" or [low, high]`);
  }
  const [low, high] = range;
  if (Number.isFinite(low) && Number.isFinite(high) && low < high) return;
  throw new RangeError(`Cannot use range ${low} … ${high}: give two numbers, the lower one first`);
}
