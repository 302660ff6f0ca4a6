import { shown } from "../base/options.ts";
import { checkRange, type ValueRange } from "./image/range.ts";

/** How a range is written where there is but text: on a command line, in an address. */
const rangeForm = "auto, or LOW,HIGH: two of the photo's own values, the lower one first";

function parseRange(text: string): ValueRange | undefined {
  if (text.trim() === "auto") return "auto";
  const [low, high, ...rest] = text.split(",").map((part) => part.trim() === "" ? NaN : Number(part));
  if (low === undefined || high === undefined || rest.length > 0) return undefined;
  try {
    checkRange([low, high]);
    return [low, high];
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/**
 * Why a text is no range of values, to stand after a colon; `undefined` where it is.
 *
 * @param text As {@linkcode readRange} takes it.
 */
export function rangeProblem(text: string): string | undefined {
  return parseRange(text) === undefined ? `use ${rangeForm}` : undefined;
}

/**
 * A range of values from text.
 *
 * @param text `auto`, or two numbers separated by a comma, such as `0,4095` or `-160,240`.
 * @throws {RangeError} If it is neither.
 */
export function readRange(text: string): ValueRange {
  const range = parseRange(text);
  if (range !== undefined) return range;
  throw new RangeError(`Cannot use range ${shown(text)}: use ${rangeForm}`);
}
