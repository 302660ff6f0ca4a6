import type { Draws } from "./draws.ts";

/** Up to so many photos all ways to flip signs are gone through. */
const mostExact = 12;

/** How many ways are tried of more. */
const flips = 9999;

function signedSum(values: ArrayLike<number>, signOf: (at: number) => number): number {
  let sum = 0;
  for (let at = 0; at < values.length; at++) sum += signOf(at) * values[at]!;
  return sum;
}

/**
 * How likely differences as large as these are if neither of two methods is better: as likely a photo's difference is then
 * as its opposite. Two-sided; all ways to flip signs for few photos, else 9,999 random ones besides the one that was found.
 *
 * @param differences One a photo.
 * @param draws Where random signs come from.
 * @returns 1 where nothing differs.
 */
export function signFlipTest(differences: ArrayLike<number>, draws: Draws): number {
  const { length } = differences;
  const found = Math.abs(signedSum(differences, () => 1));
  const scale = signedSum(differences, (at) => Math.sign(differences[at]!)); // the sum of magnitudes
  if (scale === 0) return 1;
  const limit = found - 1e-12 * scale; // sums in another order are not equal to the last bit
  if (length <= mostExact) {
    const ways = 2 ** length;
    let extreme = 0;
    for (let way = 0; way < ways; way++) {
      if (Math.abs(signedSum(differences, (at) => way >> at & 1 ? -1 : 1)) >= limit) extreme++;
    }
    return extreme / ways;
  }
  const signs = draws.signs(length, flips);
  let extreme = 1;
  for (let flip = 0, at = 0; flip < flips; flip++) {
    let sum = 0;
    for (let one = 0; one < length; one++) sum += signs[at++]! * differences[one]!;
    if (Math.abs(sum) >= limit) extreme++;
  }
  return extreme / (flips + 1);
}

/**
 * Holm's correction: what each p-value comes to when so many were looked at.
 *
 * @param values Of tests that belong together.
 * @returns In the same order; none is below its own.
 */
export function holm(values: readonly number[]): number[] {
  const order = [...values.keys()].sort((a, b) => values[a]! - values[b]!);
  const corrected = new Array<number>(values.length);
  let least = 0;
  order.forEach((at, rank) => {
    least = Math.max(least, Math.min(values[at]! * (values.length - rank), 1));
    corrected[at] = least;
  });
  return corrected;
}
