import type { Fill } from "./fill.ts";
import type { Samples } from "./samples.ts";

/**
 * The part of what can be shown that a picture fills at most where a warning is due. Files of 16 bits hold 10, 12 or 14
 * of a scanner's or a camera's, which fill 1/64, 1/16 and 1/4; a dark photo of 16 bits fills more.
 */
const smallPart = 1 / 4;

/** How far numbers that are meant to be 0 … 1 may lie beyond: resampling overshoots. */
const overshoot = 0.1;

/** A value as people write it. */
function asText(value: number): string {
  return String(Number.isInteger(value) ? value : Number(value.toPrecision(4)));
}

function interval(low: number, high: number): string {
  return `${asText(low)} … ${asText(high)}`;
}

function looks(low: number, high: number, isInverted: boolean): string {
  if (high <= smallPart) return isInverted ? "nearly white" : "nearly black";
  if (low >= 1 - smallPart) return isInverted ? "nearly black" : "nearly white";
  return "nearly grey all over";
}

/** What brings out all of a picture, or all but the few values that lie apart. */
function advice({ least, most, low, high }: Fill): string {
  if (high - low > (most - least) * smallPart) return ': set the option "range" (--range auto)';
  return low < high ? `: set the option "range" (--range ${asText(low)},${asText(high)})` : "";
}

/**
 * What the user should know of how much a picture fills of what is shown of it.
 *
 * @param fill The values that it has.
 * @param samples The picture.
 * @param limits The values that become black and white, where a range was asked for.
 */
export function fillWarnings(
  fill: Fill,
  { full, isWhole, isInverted = false }: Samples,
  limits: readonly [number, number] | undefined,
): readonly string[] {
  const { least, most, low, high } = fill;
  const [black, white] = limits ?? full;
  if (least === most) return [`All values of the photo are ${asText(least)}: there is nothing to see in it`];
  if (!limits && !isWhole && (low < black - overshoot || high > white + overshoot)) {
    return [
      `The photo's values are ${interval(least, most)}, of which ${interval(black, white)} is shown${
        advice(fill)
      }`,
    ];
  }
  const part = (value: number) => Math.min(Math.max((value - black) / (white - black), 0), 1);
  const [start, end] = [part(low), part(high)];
  if (end - start > smallPart) return [];
  const isAll = part(most) - part(least) <= smallPart;
  const fills = isAll
    ? `The photo's values fill ${interval(least, most)}`
    : `Nearly all of the photo's values lie in ${interval(low, high)}`;
  const look = looks(start, end, isInverted);
  return [`${fills} of ${interval(black, white)}, so that it looks ${look}${advice(fill)}`];
}
