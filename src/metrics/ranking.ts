import type { Heatmap } from "../base/heatmap.ts";

/** The pixels of a map by their values, the greatest first; equal ones stand together. */
export interface Ranking {
  /** The values that there are, the greatest first. */
  readonly levels: Float32Array;
  /** How many pixels are greater than each of them, and last how many there are. */
  readonly before: Float64Array;
}

/** Rank a map's pixels. */
export function rankPixels({ data }: Pick<Heatmap, "data">): Ranking {
  const sorted = Float32Array.from(data).sort().reverse();
  const levels: number[] = [];
  const before: number[] = [];
  sorted.forEach((value, at) => {
    if (at > 0 && value === sorted[at - 1]) return;
    levels.push(value);
    before.push(at);
  });
  return { levels: Float32Array.from(levels), before: Float64Array.from([...before, sorted.length]) };
}

/** The last level that fewer than `count` pixels are greater than. */
function levelAt({ levels, before }: Ranking, count: number): number {
  let [low, high] = [0, levels.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (before[middle]! < count) low = middle;
    else high = middle - 1;
  }
  return low;
}

/**
 * How much of each pixel is among the `count` greatest: 1 of those that are, and of equal ones for which there is not room
 * for all each the same share, which is what a random order among them gives in the mean. So nothing depends on where in the
 * map equal pixels lie.
 *
 * @param map The map.
 * @param ranking Its ranking.
 * @param count How many pixels; it need not be whole.
 * @param into Takes the shares, one a pixel; made if left out.
 */
export function shareOfGreatest(
  { data }: Pick<Heatmap, "data">,
  ranking: Ranking,
  count: number,
  into: Float32Array = new Float32Array(data.length),
): Float32Array {
  const at = levelAt(ranking, count);
  const level = ranking.levels[at]!;
  const share = (count - ranking.before[at]!) / (ranking.before[at + 1]! - ranking.before[at]!);
  data.forEach((value, pixel) => into[pixel] = value > level ? 1 : value === level ? Math.min(share, 1) : 0);
  return into;
}
