import { own } from "../own.ts";

/** How one axis is resized. */
export interface AxisResize {
  /** The size before. */
  readonly from: number;
  /** The size after. */
  readonly to: number;
  /** How many times as large, as the node says it. */
  readonly scale: number;
  /** The part that is taken, as shares of the axis. */
  readonly region: readonly [start: number, end: number];
}

/** How a value is resized. */
export interface ResizeRules {
  readonly coordinates: string;
  readonly nearest: string;
  readonly mode: string;
  /** The steepness of the cubic curve. */
  readonly cubic: number;
  readonly excludesOutside: boolean;
  readonly antialias: boolean;
}

/** In single precision, as others compute it: places between two pixels hang on it. */
const over = (at: number, scale: number) => Math.fround(at / scale);

/** From a place of the result to the place that it comes of. */
const coordinateRules: Readonly<Record<string, (at: number, axis: AxisResize) => number>> = {
  align_corners(at, { from, to, scale }) {
    const last = scale * from - 1; // which is no whole number where scales are given
    return to === 1 || last === 0 ? 0 : at * (from - 1) / last;
  },
  asymmetric: (at, { scale }) => over(at, scale),
  half_pixel: (at, { scale }) => over(at + 0.5, scale) - 0.5,
  half_pixel_symmetric(at, { from, to, scale }) {
    const adjustment = to / (scale * from);
    return from / 2 * (1 - adjustment) + (at + 0.5) / scale - 0.5;
  },
  pytorch_half_pixel: (at, { to, scale }) => to > 1 ? over(at + 0.5, scale) - 0.5 : 0,
  tf_crop_and_resize(at, { from, to, region: [start, end] }) {
    if (to === 1) return 0.5 * (start + end) * (from - 1);
    return start * (from - 1) + at * (end - start) * (from - 1) / (to - 1);
  },
  tf_half_pixel_for_nn: (at, { scale }) => over(at + 0.5, scale),
};

const nearestRules: Readonly<Record<string, (place: number) => number>> = {
  ceil: Math.ceil,
  floor: Math.floor,
  round_prefer_ceil: (place) => Math.floor(place + 0.5),
  round_prefer_floor: (place) => Math.ceil(place - 0.5),
};

/** The place that one of the result comes of; `undefined` where the rule is not known. */
export function placeOf(rules: ResizeRules, axis: AxisResize): ((at: number) => number) | undefined {
  const rule = own(coordinateRules, rules.coordinates);
  return rule && ((at) => rule(at, axis));
}

/** The index of the nearest number for each of the result. */
export function nearestIndices(rules: ResizeRules, axis: AxisResize): Int32Array {
  const place = placeOf(rules, axis)!,
    round = own(nearestRules, rules.nearest) ?? nearestRules.round_prefer_floor!;
  return Int32Array.from(
    { length: axis.to },
    (_, at) => Math.min(Math.max(round(place(at)), 0), axis.from - 1),
  );
}

/** How much a number counts by its distance. */
function curveOf({ mode, cubic: a }: ResizeRules): { reach: number; weight(distance: number): number } {
  if (mode !== "cubic") return { reach: 1, weight: (distance) => Math.max(0, 1 - Math.abs(distance)) };
  return {
    reach: 2,
    weight(distance) {
      const x = Math.abs(distance);
      if (x <= 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
      return x < 2 ? (((x - 5) * x + 8) * x - 4) * a : 0;
    },
  };
}

/**
 * How much each number counts for each of the result, `[to, from]`, by the linear or the cubic curve.
 *
 * @param outside Told of each place of the result that lies outside.
 */
export function resizeMatrix(rules: ResizeRules, axis: AxisResize): Float32Array {
  const { from, to, scale } = axis, place = placeOf(rules, axis)!, { reach, weight } = curveOf(rules);
  const narrow = rules.antialias && scale < 1 ? scale : 1; // the curve is as much wider
  const matrix = new Float32Array(to * from);
  for (let at = 0; at < to; at++) {
    const centre = place(at);
    const first = Math.floor(centre - reach / narrow) + (narrow === 1 ? 1 : 0),
      last = Math.ceil(centre + reach / narrow);
    const taps = Array.from({ length: last - first + 1 }, (_, tap) => first + tap);
    const shares = taps.map((tap) => {
      const isOutside = tap < 0 || tap >= from;
      return rules.excludesOutside && isOutside ? 0 : weight((tap - centre) * narrow);
    });
    const total = shares.reduce((sum, share) => sum + share, 0);
    taps.forEach((tap, one) => {
      const index = Math.min(Math.max(tap, 0), from - 1);
      matrix[at * from + index]! += shares[one]! / total;
    });
  }
  return matrix;
}

/** Which places of the result come of outside, as marks of 1. */
export function outsideMarks(rules: ResizeRules, axis: AxisResize): Float32Array {
  const place = placeOf(rules, axis)!;
  return Float32Array.from(
    { length: axis.to },
    (_, at) => Number(place(at) < 0 || place(at) > axis.from - 1),
  );
}
